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

/** From figures to 0..1. Costs differ by orders of magnitude, so it is their logarithm that counts. */
export class Scale {
  readonly least: number;
  readonly most: number;
  readonly measure: Measure;

  constructor(measure: Measure, values: Iterable<number | null>) {
    this.measure = measure;
    let least = Number.POSITIVE_INFINITY;
    let most = 0;
    for (const value of values) {
      if (value === null || value <= 0) continue;
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    this.least = measure === "change" ? 0 : most === 0 ? 0 : Math.max(least, most / 10_000);
    this.most = measure === "change" ? 1 : most;
  }

  /** Null where nothing is known; 0 only for nothing at all. */
  place(value: number | null): number | null {
    if (value === null) return null;
    if (value <= 0 || this.most === 0) return 0;
    if (this.measure === "change") return Math.min(1, value);
    if (this.most <= this.least) return 1;
    const part = Math.log(Math.max(value, this.least) / this.least) / Math.log(this.most / this.least);
    return 0.06 + 0.94 * part;
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

/** The part of a dotted name after the package that is being looked at. */
export function within(name: string, packageName: string): string {
  return name.startsWith(`${packageName}.`) ? name.slice(packageName.length + 1) : name;
}
