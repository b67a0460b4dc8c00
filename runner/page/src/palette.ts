// The colours of the picture, light and dark; the same as those of style.css.
import type { Measure } from "./measures.ts";
import type { Tone } from "./scene.ts";

type Colour = [number, number, number];

export interface Palette {
  paper: string;
  ink: string;
  faint: string;
  line: string;
  group: string;
  unknown: string;
  edge: string;
  accent: string;
  tones: Record<Tone, string>;
  ramps: Record<Measure, Colour[]>;
}

export const LIGHT: Palette = {
  paper: "#fcfbf9",
  ink: "#1f262c",
  faint: "#59646d",
  line: "#d9d5cc",
  group: "#f1eee8",
  unknown: "#e6e3dc",
  edge: "#8b949b",
  accent: "#0a6e6e",
  tones: { plain: "#8b949b", imports: "#1d66c4", importers: "#8a38c9", both: "#4a4fd0", cut: "#c3173c" },
  ramps: {
    time: [hex("#ece7dc"), hex("#f3d9a4"), hex("#e9a55a"), hex("#cf6434"), hex("#8f2a1c")],
    errors: [hex("#e4eae3"), hex("#f4c9b8"), hex("#e58a78"), hex("#c8433f"), hex("#7f1524")],
    "fan-in": [hex("#e7e9ea"), hex("#c4dbe4"), hex("#86b6cb"), hex("#4285a6"), hex("#1b4f72")],
    change: [hex("#eae8e2"), hex("#f0d8ea"), hex("#d79ccb"), hex("#b35aa6"), hex("#7c1d74")],
  },
};

export const DARK: Palette = {
  paper: "#15191c",
  ink: "#e9e6df",
  faint: "#a3adb5",
  line: "#353d43",
  group: "#1e2428",
  unknown: "#2a3136",
  edge: "#66717a",
  accent: "#59c6c0",
  tones: { plain: "#66717a", imports: "#6aa9ff", importers: "#c792f5", both: "#9aa0ff", cut: "#ff6b81" },
  ramps: {
    time: [hex("#2a2d2c"), hex("#4d3d2a"), hex("#8a5a2b"), hex("#d08a3c"), hex("#ffd08a")],
    errors: [hex("#26302b"), hex("#553030"), hex("#91413f"), hex("#d8625a"), hex("#ffb3a3")],
    "fan-in": [hex("#262d31"), hex("#2a4654"), hex("#33708b"), hex("#5aa6c4"), hex("#b9e3f3")],
    change: [hex("#2b2a2e"), hex("#4d2f4a"), hex("#86477f"), hex("#c673ba"), hex("#f5bdec")],
  },
};

/** So many colours a ramp has: marks of one colour are drawn at once. */
export const STEPS = 32;

function hex(text: string): Colour {
  return [1, 3, 5].map((at) => Number.parseInt(text.slice(at, at + 2), 16)) as Colour;
}

export function rampColour(palette: Palette, measure: Measure, part: number): Colour {
  const ramp = palette.ramps[measure];
  const place = Math.min(1, Math.max(0, part)) * (ramp.length - 1);
  const at = Math.min(ramp.length - 2, Math.floor(place));
  const [from, to] = [ramp[at]!, ramp[at + 1]!];
  return from.map((value, index) => Math.round(value + (to[index]! - value) * (place - at))) as Colour;
}

export function css([red, green, blue]: Colour): string {
  return `rgb(${red},${green},${blue})`;
}

/** The colours of a ramp, and for each the colour of text on it that can be read better. */
export function rampTable(palette: Palette, measure: Measure): { fill: string; text: string }[] {
  return Array.from({ length: STEPS }, (_, step) => {
    const colour = rampColour(palette, measure, step / (STEPS - 1));
    return { fill: css(colour), text: textOn(colour) };
  });
}

export function textOn(colour: Colour): string {
  const light = luminance(colour);
  return (light + 0.05) / (luminance([20, 24, 27]) + 0.05) >= 1.05 / (light + 0.05) ? "#14181b" : "#ffffff";
}

function luminance(colour: Colour): number {
  const [red, green, blue] = colour.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as Colour;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
