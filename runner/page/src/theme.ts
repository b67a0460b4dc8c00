// Light or dark: as the system says, unless somebody chooses here. Paper is always light.
import { DARK, LIGHT, type Palette } from "./palette.ts";

export class Theme {
  readonly #system: MediaQueryList = window.matchMedia("(prefers-color-scheme: dark)");
  readonly #button: HTMLButtonElement;
  #chosen: "light" | "dark" | null = null;
  #printing = false;

  constructor(button: HTMLButtonElement, changed: () => void) {
    this.#button = button;
    const change = () => {
      this.#apply();
      changed();
    };
    this.#system.addEventListener("change", change);
    button.addEventListener("click", () => {
      this.#chosen = this.#dark ? "light" : "dark";
      change();
    });
    for (const [event, printing] of [
      ["beforeprint", true],
      ["afterprint", false],
    ] as const) {
      window.addEventListener(event, () => {
        this.#printing = printing;
        change();
      });
    }
    this.#apply();
  }

  get palette(): Palette {
    return this.#dark && !this.#printing ? DARK : LIGHT;
  }

  get #dark(): boolean {
    return this.#chosen === null ? this.#system.matches : this.#chosen === "dark";
  }

  #apply(): void {
    document.documentElement.dataset.theme = this.#dark && !this.#printing ? "dark" : "light";
    this.#button.textContent = this.#dark ? "Light" : "Dark";
    this.#button.setAttribute("aria-label", this.#dark ? "Light colours" : "Dark colours");
  }
}
