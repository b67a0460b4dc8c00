// Bundles the page into one file without references: page.html, with the mark where its data goes.
// Called as `node build.mjs`; writes ./page.html.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const DATA_MARK = "@DATA@";

async function bundle(entry) {
  const made = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: "iife",
    target: ["es2022"],
    charset: "ascii",
    legalComments: "none",
    metafile: true,
    write: false,
    outdir: "out",
    logLevel: "warning",
  });
  return { text: made.outputFiles[0].text.trimEnd(), inputs: Object.keys(made.metafile.inputs) };
}

// The licence of each library that is in the bundle.
function licences(inputs) {
  const packages = new Set(inputs.map((name) => /(node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(name)?.[1]));
  packages.delete(undefined);
  return [...packages].sort().map((folder) => {
    const { name, version } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    if (!file) throw new Error(`${name} has no licence file`);
    return `${name} ${version}\n\n${readFileSync(`${folder}/${file}`, "utf8").trim()}\n`;
  });
}

const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

const script = await bundle("src/main.ts");
const style = await bundle("src/style.css");
for (const [name, { text }] of Object.entries({ script, style })) {
  if (/<\/(script|style)|<!--/i.test(text)) throw new Error(`the ${name} would end its own element`);
}
const policy = [
  "default-src 'none'",
  `script-src ${hash(script.text)}`,
  `style-src ${hash(style.text)}`,
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");
const notice = licences(script.inputs).join("\n").replaceAll("--", "- -");

const parts = {
  "@POLICY@": policy,
  "@STYLE@": style.text,
  "@SCRIPT@": script.text,
  "@LICENCES@": notice,
};
let page = readFileSync("src/index.html", "utf8");
for (const [mark, text] of Object.entries(parts)) {
  if (page.split(mark).length !== 2) throw new Error(`src/index.html has not exactly one ${mark}`);
  page = page.replace(mark, () => text);
}
if (page.split(DATA_MARK).length !== 2) throw new Error(`the page has not exactly one ${DATA_MARK}`);
if (/\b(?:src|href)\s*=\s*["']?(?:https?:)?\/\//i.test(page))
  throw new Error("the page refers to the network");
writeFileSync("page.html", page);
