// Finds modules and packages by parts of their names.
import type { Graph } from "./graph.ts";

export interface Found {
  kind: "module" | "package";
  index: number;
  name: string;
}

interface Entry extends Found {
  lower: string;
}

export class SearchIndex {
  readonly #entries: Entry[];

  constructor(graph: Graph) {
    const packages = graph.data.packages.name.map((name, index) => ({
      kind: "package" as const,
      index,
      name,
    }));
    const modules = graph.data.modules.name.map((name, index) => ({ kind: "module" as const, index, name }));
    this.#entries = [...packages, ...modules].map((entry) => ({ ...entry, lower: entry.name.toLowerCase() }));
  }

  /** The best matches of all words, best first, and how many there are in all. */
  find(query: string, most: number): { found: Found[]; total: number } {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length === 0) return { found: [], total: 0 };
    const ranked: { entry: Entry; rank: number }[] = [];
    for (const entry of this.#entries) {
      let rank = 0;
      for (const word of words) {
        const one = rankOf(entry.lower, word);
        rank = one < 0 || rank < 0 ? -1 : rank + one;
      }
      if (rank >= 0) ranked.push({ entry, rank });
    }
    ranked.sort(
      (a, b) =>
        a.rank - b.rank ||
        a.entry.name.length - b.entry.name.length ||
        (a.entry.name < b.entry.name
          ? -1
          : a.entry.name > b.entry.name
            ? 1
            : a.entry.kind < b.entry.kind
              ? -1
              : 1),
    );
    return { found: ranked.slice(0, most).map(({ entry }) => entry), total: ranked.length };
  }
}

/** The smaller, the better: the whole name, its last part, a part's beginning, anywhere; -1: not at all. */
function rankOf(name: string, word: string): number {
  const at = name.indexOf(word);
  if (at < 0) return -1;
  if (name === word) return 0;
  if (name.endsWith(`.${word}`)) return 1;
  if (name.lastIndexOf(`.${word}`) === name.lastIndexOf(".") && name.includes(".")) return 2;
  return at === 0 || name.includes(`.${word}`) ? 3 : 4;
}
