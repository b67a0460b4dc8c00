// The search field with the list of what it finds.
import { element } from "./dom.ts";
import { count, shown } from "./measures.ts";
import type { Found, SearchIndex } from "./search_index.ts";

const MOST = 30;

export class SearchBox {
  readonly #input: HTMLInputElement;
  readonly #list: HTMLElement;
  readonly #status: HTMLElement;
  readonly #index: SearchIndex;
  readonly #choose: (found: Found) => void;
  #found: Found[] = [];
  #active = -1;

  constructor(
    input: HTMLInputElement,
    list: HTMLElement,
    status: HTMLElement,
    index: SearchIndex,
    choose: (found: Found) => void,
  ) {
    this.#input = input;
    this.#list = list;
    this.#status = status;
    this.#index = index;
    this.#choose = choose;
    input.addEventListener("input", () => this.#search());
    input.addEventListener("focus", () => this.#search());
    input.addEventListener("blur", () => this.#close());
    input.addEventListener("keydown", (event) => this.#key(event));
    // The field keeps the focus, so that its blur does not take the list away before the click arrives.
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const item = (event.target as Element).closest("li");
      const at = item ? [...this.#list.children].indexOf(item) : -1;
      this.#take(at);
    });
    document.addEventListener("keydown", (event) => {
      const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
      if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      input.focus();
      input.select();
    });
  }

  #search(): void {
    const query = this.#input.value;
    const { found, total } = this.#index.find(query, MOST);
    this.#found = found;
    this.#active = found.length > 0 ? 0 : -1;
    const items = found.map((one, at) =>
      element(
        "li",
        { role: "option", id: `found-${at}` },
        element("span", { class: "name" }, shown(one.name)),
        element("span", { class: "count" }, one.kind),
      ),
    );
    this.#list.replaceChildren(...items);
    const open = query.trim() !== "";
    this.#status.textContent = open ? (total === 0 ? "Nothing found" : `${count(total)} found`) : "";
    this.#list.hidden = items.length === 0;
    this.#status.classList.toggle("nothing", open && total === 0);
    this.#input.setAttribute("aria-expanded", String(items.length > 0));
    this.#mark();
  }

  #mark(): void {
    [...this.#list.children].forEach((item, at) => {
      item.setAttribute("aria-selected", String(at === this.#active));
      if (at === this.#active) item.scrollIntoView({ block: "nearest" });
    });
    if (this.#active >= 0) this.#input.setAttribute("aria-activedescendant", `found-${this.#active}`);
    else this.#input.removeAttribute("aria-activedescendant");
  }

  #close(): void {
    this.#list.hidden = true;
    this.#status.textContent = "";
    this.#status.classList.remove("nothing");
    this.#input.setAttribute("aria-expanded", "false");
    this.#input.removeAttribute("aria-activedescendant");
  }

  #take(at: number): void {
    const found = this.#found[at];
    if (!found) return;
    this.#input.value = "";
    this.#close();
    this.#choose(found);
  }

  #key(event: KeyboardEvent): void {
    const count = this.#found.length;
    if (event.key === "ArrowDown" && count > 0) this.#active = (this.#active + 1) % count;
    else if (event.key === "ArrowUp" && count > 0) this.#active = (this.#active + count - 1) % count;
    else if (event.key === "Enter") this.#take(this.#active);
    else if (event.key === "Escape") {
      this.#input.value = "";
      this.#close();
      this.#found = [];
    } else return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key.startsWith("Arrow")) this.#mark();
  }
}
