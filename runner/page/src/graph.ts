// The module graph with what follows from it: who imports whom, what packages hold, what a change touches.
import type { CycleRecord, ImportKind, ImportRecord, PageData } from "./data.ts";

export interface Totals {
  modules: number;
  seconds: number | null;
  errors: number | null;
  fanIn: number;
  affected: number;
}

export const UNAFFECTED = 0;
export const AFFECTED = 1;
export const CHANGED = 2;

/** The package that holds all others; it has no name. */
export const ROOT = -1;

export class Graph {
  readonly data: PageData;
  readonly count: number;
  readonly subpackages: Map<number, number[]> = new Map();
  readonly modulesIn: Map<number, number[]> = new Map();
  readonly moduleByName: Map<string, number> = new Map();
  readonly packageByName: Map<string, number> = new Map();
  readonly cycleOfComponent: Map<number, number> = new Map();
  /** UNAFFECTED, AFFECTED or CHANGED of each module. */
  readonly change: Uint8Array;
  #importers: ImportRecord[][] | null = null;

  constructor(data: PageData) {
    this.data = data;
    this.count = data.modules.name.length;
    this.change = new Uint8Array(this.count);
    for (const module of data.affected?.affected ?? []) this.change[module] = AFFECTED;
    for (const module of data.affected?.changed ?? []) this.change[module] = CHANGED;
    data.packages.name.forEach((name, index) => {
      this.packageByName.set(name, index);
      append(this.subpackages, data.packages.parent[index]!, index);
    });
    for (let module = 0; module < this.count; module++) {
      this.moduleByName.set(this.name(module), module);
      append(this.modulesIn, data.modules.package[module]!, module);
    }
    data.cycles.forEach((cycle, index) => {
      this.cycleOfComponent.set(cycle.component, index);
    });
  }

  name(module: number): string {
    return this.data.modules.name[module]!;
  }

  isOwn(module: number): boolean {
    return this.data.modules.own[module] === 1;
  }

  packageName(index: number): string {
    return index === ROOT ? "all packages" : this.data.packages.name[index]!;
  }

  parent(index: number): number {
    return index === ROOT ? ROOT : this.data.packages.parent[index]!;
  }

  component(module: number): number {
    return this.data.modules.component[module]!;
  }

  wave(module: number): number {
    return this.data.components.wave[this.component(module)]!;
  }

  cycle(index: number): CycleRecord {
    return this.data.cycles[index]!;
  }

  modulesOfCycle(index: number): number[] {
    return this.data.components.modules[this.cycle(index).component] ?? [];
  }

  imports(module: number): ImportRecord[] {
    return this.data.imports[module] ?? [];
  }

  /** Who imports a module: the same records with the importing module in place of the imported one. */
  importers(module: number): ImportRecord[] {
    if (!this.#importers) {
      const importers: ImportRecord[][] = Array.from({ length: this.count }, () => []);
      this.data.imports.forEach((records, from) => {
        for (const [to, kind, line] of records) importers[to]?.push([from, kind, line]);
      });
      this.#importers = importers;
    }
    return this.#importers[module] ?? [];
  }

  /** All modules that a module needs, or that need it, however indirectly; without itself. */
  reach(module: number, direction: "imports" | "importers"): number[] {
    const seen = new Uint8Array(this.count);
    seen[module] = 1;
    const found: number[] = [];
    const open = [module];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      for (const [other] of this[direction](next)) {
        if (seen[other]) continue;
        seen[other] = 1;
        found.push(other);
        open.push(other);
      }
    }
    return found;
  }

  /** The modules of a package and of all packages in it. */
  *modulesBelow(index: number): Generator<number> {
    yield* this.modulesIn.get(index) ?? [];
    for (const below of this.subpackages.get(index) ?? []) yield* this.modulesBelow(below);
  }

  /** The path of packages from the outermost one to this. */
  packagePath(index: number): number[] {
    const path: number[] = [];
    for (let at = index; at !== ROOT; at = this.parent(at)) path.unshift(at);
    return path;
  }
}

/** The kind that says most about several imports: one at run time counts more than one for type checking. */
export function strongestKind(kinds: ImportKind[]): ImportKind {
  return kinds.reduce((best, kind) => (kind < best ? kind : best), 3);
}

function append<K>(lists: Map<K, number[]>, key: K, value: number): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
