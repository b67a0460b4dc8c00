// A table of any number of rows, of which only those in sight are in the document. Sorted by its heads; walked through
// with the arrow keys.
import { element } from "./dom.ts";

export interface Column {
  key: string;
  title: string;
  numeric: boolean;
  /** A bar behind the figure shows its share of the largest. */
  bar?: boolean;
}

export interface Cell {
  text: string;
  value: number | string | null;
  /** Said in full when the pointer rests on it. */
  title?: string;
}

export interface Row {
  cells: Cell[];
  /** Where the row leads to. */
  href: string;
  selected: boolean;
  /** It holds others, which it leads to. */
  holds?: boolean;
}

const ROW_HEIGHT = 30;
const AHEAD = 8;
const MOST_PRINTED = 200;

export class Table {
  readonly #frame: HTMLElement;
  readonly #onSort: (sort: string) => void;
  readonly #table: HTMLTableElement;
  readonly #head: HTMLTableRowElement;
  readonly #before: HTMLTableSectionElement;
  readonly #body: HTMLTableSectionElement;
  readonly #after: HTMLTableSectionElement;
  #columns: Column[] = [];
  #rows: Row[] = [];
  #most: number[] = [];
  #active = 0;
  #from = -1;
  #to = -1;

  constructor(frame: HTMLElement, onSort: (sort: string) => void) {
    this.#frame = frame;
    this.#onSort = onSort;
    this.#head = element("tr", { "aria-rowindex": "1" });
    this.#before = element("tbody", { "aria-hidden": "true" }, element("tr", {}, element("td")));
    this.#body = element("tbody");
    this.#after = element("tbody", { "aria-hidden": "true" }, element("tr", {}, element("td")));
    this.#table = element(
      "table",
      { role: "grid" },
      element("thead", {}, this.#head),
      this.#before,
      this.#body,
      this.#after,
    );
    frame.replaceChildren(this.#table);
    frame.addEventListener("scroll", () => this.#fill(false), { passive: true });
    this.#body.addEventListener("click", (event) => this.#click(event));
    this.#body.addEventListener("keydown", (event) => this.#key(event));
    new ResizeObserver(() => this.#fill(false)).observe(frame);
    window.addEventListener("beforeprint", () => this.#put(0, Math.min(this.#rows.length, MOST_PRINTED)));
    window.addEventListener("afterprint", () => this.#fill(true));
  }

  show(columns: Column[], rows: Row[], sort: string, label: string): void {
    this.#columns = columns;
    this.#rows = sorted(columns, rows, sort);
    this.#most = columns.map((column, at) =>
      column.bar ? rows.reduce((most, row) => Math.max(most, Number(row.cells[at]?.value ?? 0)), 0) : 0,
    );
    this.#active = Math.max(
      0,
      this.#rows.findIndex((row) => row.selected),
    );
    this.#table.setAttribute("aria-label", label);
    this.#table.setAttribute("aria-rowcount", String(rows.length + 1));
    this.#heads(sort);
    this.#frame.scrollTop = this.#active > 0 ? this.#active * ROW_HEIGHT - this.#frame.clientHeight / 3 : 0;
    this.#fill(true);
  }

  #heads(sort: string): void {
    const heads = this.#columns.map((column) => {
      const order = sort === column.key ? "ascending" : sort === `-${column.key}` ? "descending" : "none";
      const next = column.numeric === (order !== "descending") ? `-${column.key}` : column.key;
      const button = element(
        "button",
        { type: "button" },
        column.title,
        element("span", { class: "order", "aria-hidden": "true" }),
      );
      button.addEventListener("click", () => {
        this.#onSort(
          order === "none" ? (column.numeric ? `-${column.key}` : column.key) : flipped(sort, next),
        );
        // The heads are new ones; who uses the keyboard stays where they were.
        const again = this.#head.querySelector<HTMLButtonElement>(`th[data-key="${column.key}"] button`);
        again?.focus();
      });
      return element(
        "th",
        {
          scope: "col",
          "aria-sort": order,
          "data-key": column.key,
          class: column.numeric ? "number" : "word",
        },
        button,
      );
    });
    this.#head.replaceChildren(...heads);
  }

  /** Puts the rows in sight into the document, unless they are there. */
  #fill(anew: boolean): void {
    const first = Math.max(0, Math.floor(this.#frame.scrollTop / ROW_HEIGHT) - AHEAD);
    const count = Math.ceil((this.#frame.clientHeight || 600) / ROW_HEIGHT) + 2 * AHEAD;
    const last = Math.min(this.#rows.length, first + count);
    if (!anew && first === this.#from && last === this.#to) return;
    const focused = this.#body.contains(document.activeElement);
    this.#put(first, last);
    if (focused) this.#rowElement(this.#active)?.focus({ preventScroll: true });
  }

  #put(first: number, last: number): void {
    this.#from = first;
    this.#to = last;
    const rows = this.#rows.slice(first, last).map((row, at) => this.#make(row, first + at));
    this.#body.replaceChildren(...rows);
    // Something has to be reachable by Tab, also when the active row is out of sight.
    if (!this.#rowElement(this.#active)) rows[0]?.setAttribute("tabindex", "0");
    for (const [section, height] of [
      [this.#before, first],
      [this.#after, this.#rows.length - last],
    ] as const) {
      section.hidden = height === 0;
      section.rows[0]!.style.height = `${height * ROW_HEIGHT}px`;
    }
  }

  #make(row: Row, index: number): HTMLTableRowElement {
    const made = element("tr", {
      "aria-rowindex": String(index + 2),
      "aria-selected": String(row.selected),
      tabindex: index === this.#active ? "0" : "-1",
    });
    row.cells.forEach((cell, at) => {
      const column = this.#columns[at]!;
      const inner =
        at === 0
          ? element(
              "a",
              { href: row.href, tabindex: "-1", ...(row.holds ? { class: "holds" } : {}) },
              cell.text,
            )
          : element("span", {}, cell.text);
      const box = element("td", { class: column.numeric ? "number" : "", title: cell.title ?? "" }, inner);
      const most = this.#most[at] ?? 0;
      if (column.bar && most > 0) box.style.setProperty("--part", String(Number(cell.value ?? 0) / most));
      if (column.bar && most > 0) box.classList.add("share");
      if (!cell.title) box.removeAttribute("title");
      made.append(box);
    });
    return made;
  }

  #rowElement(index: number): HTMLTableRowElement | null {
    return this.#body.querySelector(`tr[aria-rowindex="${index + 2}"]`);
  }

  #click(event: MouseEvent): void {
    const row = (event.target as Element).closest("tr");
    // A link opens itself, also in a new tab.
    if (!row || (event.target as Element).closest("a")) return;
    row.querySelector("a")?.click();
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(this.#frame.clientHeight / ROW_HEIGHT) - 2);
    const steps: Record<string, number> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -this.#rows.length,
      End: this.#rows.length,
    };
    const step = steps[event.key];
    if (step !== undefined) this.#move(this.#indexOf(document.activeElement) + step);
    else if (event.key === "Enter" || event.key === " ") {
      (document.activeElement as HTMLElement | null)?.closest("tr")?.querySelector("a")?.click();
    } else return;
    event.preventDefault();
  }

  #indexOf(inside: Element | null): number {
    const row = inside?.closest("tr")?.getAttribute("aria-rowindex");
    return row ? Number(row) - 2 : this.#active;
  }

  #move(to: number): void {
    this.#active = Math.max(0, Math.min(this.#rows.length - 1, to));
    const top = this.#active * ROW_HEIGHT;
    const room = this.#frame.clientHeight - 2 * ROW_HEIGHT;
    if (top < this.#frame.scrollTop) this.#frame.scrollTop = top;
    else if (top > this.#frame.scrollTop + room) this.#frame.scrollTop = top - room;
    this.#fill(true);
    this.#rowElement(this.#active)?.focus({ preventScroll: true });
  }
}

function flipped(sort: string, otherwise: string): string {
  if (sort === "") return otherwise;
  return sort.startsWith("-") ? sort.slice(1) : `-${sort}`;
}

/** By one column; what is not known comes last either way. */
export function sorted(columns: Column[], rows: Row[], sort: string): Row[] {
  const at = columns.findIndex((column) => column.key === sort.replace("-", ""));
  if (at < 0) return rows;
  const sign = sort.startsWith("-") ? -1 : 1;
  return rows
    .map((row, place) => ({ row, place, value: row.cells[at]!.value }))
    .sort((a, b) => {
      if (a.value === b.value) return a.place - b.place;
      if (a.value === null || b.value === null) return a.value === null ? 1 : -1;
      return a.value < b.value ? -sign : sign;
    })
    .map(({ row }) => row);
}
