// What a picture can be coloured by, and how figures are written.
import { CHANGED, type Graph, type Totals } from "./graph.ts";

export type Measure = "time" | "errors" | "fan-in" | "change";

export const MEASURE_NAMES: Record<Measure, string> = {
  time: "Check time",
  errors: "Errors",
  "fan-in": "Imported by",
  change: "Change",
};

export function isMeasure(text: string | null): text is Measure {
  return text !== null && text in MEASURE_NAMES;
}

/** The measures that there are figures for. */
export function measuresOf(graph: Graph): Measure[] {
  const { seconds, errors } = graph.data.modules;
  const known = (column: (number | null)[]) => column.some((value) => value !== null);
  const measures: Measure[] = [];
  if (graph.data.affected) measures.push("change");
  if (known(seconds)) measures.push("time");
  if (known(errors)) measures.push("errors");
  return [...measures, "fan-in"];
}

export function ofModule(graph: Graph, module: number, measure: Measure): number | null {
  const { seconds, errors, fan_in: fanIn } = graph.data.modules;
  if (measure === "time") return seconds[module] ?? null;
  if (measure === "errors") return errors[module] ?? null;
  if (measure === "fan-in") return fanIn[module] ?? null;
  return graph.change[module]! / CHANGED;
}

export function ofTotals(totals: Totals, measure: Measure): number | null {
  if (measure === "time") return totals.seconds;
  if (measure === "errors") return totals.errors;
  if (measure === "fan-in") return totals.fanIn;
  return totals.modules === 0 ? null : totals.affected / totals.modules;
}

/** Where the hot end of a scale lies at least: a project that takes a moment shall not look like one that burns. */
const LEAST_MOST: Record<Measure, number> = { time: 0.2, errors: 5, "fan-in": 20, change: 1 };

/** From figures to 0..1. Few cost much and many cost little, so it is their root that counts. */
export class Scale {
  readonly most: number;
  /** Some values are beyond the hot end. */
  readonly exceeded: boolean;
  readonly measure: Measure;

  constructor(measure: Measure, values: Iterable<number | null>) {
    this.measure = measure;
    const known: number[] = [];
    for (const value of values) if (value !== null && value > 0) known.push(value);
    known.sort((a, b) => a - b);
    // A few that stand out far shall not make all others look alike.
    const place = known.length > 200 ? Math.floor(known.length * 0.995) : known.length - 1;
    this.most = Math.max(LEAST_MOST[measure], known[place] ?? 0);
    this.exceeded = (known[known.length - 1] ?? 0) > this.most;
  }

  /** Null where nothing is known; 0 only for nothing at all. */
  place(value: number | null): number | null {
    if (value === null) return null;
    return value <= 0 ? 0 : 0.04 + 0.96 * Math.sqrt(Math.min(1, value / this.most));
  }
}

const whole = new Intl.NumberFormat("en-US");

export function count(value: number | null): string {
  return value === null ? "–" : whole.format(value);
}

export function seconds(value: number | null): string {
  if (value === null) return "–";
  if (value === 0) return "0 s";
  if (value < 0.0995) return `${Math.max(1, Math.round(value * 1000))} ms`;
  if (value < 9.95) return `${value.toFixed(1)} s`;
  if (value < 119.5) return `${Math.round(value)} s`;
  return `${whole.format(Math.floor(Math.round(value) / 60))} min ${Math.round(value) % 60} s`;
}

export function bytes(value: number | null): string {
  if (value === null) return "–";
  return value < 1000
    ? `${value} B`
    : value < 1e6
      ? `${(value / 1000).toFixed(1)} kB`
      : `${(value / 1e6).toFixed(1)} MB`;
}

export function counted(value: number, noun: string): string {
  return `${whole.format(value)} ${noun}${value === 1 ? "" : "s"}`;
}

export function written(measure: Measure, value: number | null): string {
  if (measure === "time") return seconds(value);
  if (measure === "change") return value === null ? "–" : `${Math.round(value * 100)}%`;
  return count(value);
}

/** A name as it can be shown in one line: control and direction characters as pictures, nothing left out. */
export function shown(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (found) => {
    const code = found.codePointAt(0)!;
    if (code < 0x20) return String.fromCodePoint(0x2400 + code);
    return code === 0x7f ? "\u2421" : `\\u{${code.toString(16)}}`;
  });
}

/** A path without the `./` that says nothing. */
export function shownPath(path: string): string {
  return shown(path.replace(/^(?:\.\/)+/, ""));
}

/** The part of a dotted name after the package that is being looked at. */
export function within(name: string, packageName: string): string {
  return name.startsWith(`${packageName}.`) ? name.slice(packageName.length + 1) : name;
}
