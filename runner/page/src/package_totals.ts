// What the packages hold, with or without third-party modules, and which package a page starts with.
import { type Graph, ROOT, type Totals, UNAFFECTED } from "./graph.ts";

export class PackageTotals {
  readonly #graph: Graph;
  readonly #totals: Map<number, Totals> = new Map();
  readonly withThirdParty: boolean;

  constructor(graph: Graph, withThirdParty: boolean) {
    this.#graph = graph;
    this.withThirdParty = withThirdParty;
    this.#add(ROOT);
  }

  of(index: number): Totals {
    return this.#totals.get(index) ?? { modules: 0, seconds: null, errors: null, fanIn: 0, affected: 0 };
  }

  shows(module: number): boolean {
    return this.withThirdParty || this.#graph.isOwn(module);
  }

  /** The packages directly in a package that hold anything shown. */
  subpackages(index: number): number[] {
    return (this.#graph.subpackages.get(index) ?? []).filter((below) => this.of(below).modules > 0);
  }

  modules(index: number): number[] {
    return (this.#graph.modulesIn.get(index) ?? []).filter((module) => this.shows(module));
  }

  /** The cycles with anything shown in them. */
  cycles(): number[] {
    return [...this.#graph.data.cycles.keys()].filter((cycle) =>
      this.#graph.modulesOfCycle(cycle).some((module) => this.shows(module)),
    );
  }

  /** The innermost package that everything shown is in; its own `__init__` does not count. */
  start(): number {
    let at = ROOT;
    for (;;) {
      const below = this.subpackages(at);
      const modules = this.modules(at).filter(
        (module) => this.#graph.name(module) !== this.#graph.packageName(at),
      );
      if (below.length !== 1 || modules.length > 0) return at;
      at = below[0]!;
    }
  }

  #add(index: number): Totals {
    const { errors, seconds, fan_in: fanIn } = this.#graph.data.modules;
    const sum: Totals = { modules: 0, seconds: null, errors: null, fanIn: 0, affected: 0 };
    for (const module of this.modules(index)) {
      sum.modules++;
      sum.seconds = plus(sum.seconds, seconds[module] ?? null);
      sum.errors = plus(sum.errors, errors[module] ?? null);
      sum.fanIn = Math.max(sum.fanIn, fanIn[module] ?? 0);
      if (this.#graph.change[module] !== UNAFFECTED) sum.affected++;
    }
    for (const below of this.#graph.subpackages.get(index) ?? []) {
      const part = this.#add(below);
      sum.modules += part.modules;
      sum.seconds = plus(sum.seconds, part.seconds);
      sum.errors = plus(sum.errors, part.errors);
      sum.fanIn = Math.max(sum.fanIn, part.fanIn);
      sum.affected += part.affected;
    }
    this.#totals.set(index, sum);
    return sum;
  }
}

/** A sum in which null means that nothing is known. */
export function plus(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : a + b;
}
