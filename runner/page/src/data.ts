// The data of a page as typewave writes it: columns, so that ten thousand modules stay small.

export type ImportKind = 0 | 1 | 2 | 3;

/** Which module, how it is imported, and in which line. */
export type ImportRecord = [to: number, kind: ImportKind, line: number];

export const KIND_NAMES = ["at run time", "in a function", "for type checking only", "implied"] as const;

export interface Cut {
  from: number;
  to: number;
  path: string;
  /** Where it stands, and wherever else the same module imports the same one. */
  line: number;
  lines: number[];
  kind: ImportKind;
  /** How many modules the largest cycle still has after this cut and those before it. */
  left: number;
}

export interface CycleRecord {
  component: number;
  seconds: number | null;
  /** How many seconds or steps it adds to the longest chain. */
  chain: number;
  cuts: Cut[];
}

export interface PageData {
  format: 1;
  project: string;
  typewave: string;
  modules: {
    name: string[];
    path: string[];
    own: (0 | 1)[];
    component: number[];
    package: number[];
    bytes: (number | null)[];
    errors: (number | null)[];
    seconds: (number | null)[];
    fan_in: number[];
  };
  imports: ImportRecord[][];
  components: { modules: number[][]; wave: number[]; seconds: (number | null)[]; x: number[]; y: number[] };
  packages: { name: string[]; parent: number[]; x: number[]; y: number[] };
  cycles: CycleRecord[];
  waves: { components: number; modules: number; seconds: number | null }[];
  affected: null | { since: string; changed: number[]; affected: number[] };
}

export function parseData(text: string): PageData {
  const data = JSON.parse(text) as PageData;
  if (data.format !== 1) throw new Error("this page cannot read data of another format");
  return data;
}
