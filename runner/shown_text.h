// Text of unknown origin made harmless: it can be shown anywhere and means nothing but itself.
#pragma once

#include <string>
#include <string_view>

namespace runner {

// Valid UTF-8 without control characters: those but line ends and tabs become visible escapes (\x1b); bytes
// that are no UTF-8, surrogates and code points that are no characters become U+FFFD.
std::string shown_text(std::string_view text);

// The same on one line: line ends become spaces.
std::string shown_line(std::string_view text);

// As content of an XML element or attribute (in double quotes): shown_text with everything escaped that could
// be markup or be normalised away.
std::string xml_text(std::string_view text);

// As Markdown or HTML: shown_line with everything as a character reference that could be markup.
std::string markdown_text(std::string_view text);

// Bytes as a part of a URI: all but letters, digits and "-._~/" are percent-encoded.
std::string percent_encoded(std::string_view text);

}  // namespace runner
