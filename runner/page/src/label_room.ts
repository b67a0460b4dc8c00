// Texts that fit: shortened to a width, and none over another.

type Measurer = (text: string) => number;

/** The text, or as much of it as fits with an ellipsis; of dotted names the end says more than the beginning. */
export function fitted(text: string, width: number, measure: Measurer, keep: "start" | "end"): string {
  if (measure(text) <= width) return text;
  let least = 0;
  let most = text.length;
  const cut = (length: number) =>
    keep === "start" ? `${text.slice(0, length)}\u2026` : `\u2026${text.slice(text.length - length)}`;
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    if (measure(cut(middle)) <= width) least = middle;
    else most = middle - 1;
  }
  return least < 3 ? "" : cut(least);
}

/** Remembers where texts are. */
export class LabelRoom {
  readonly #taken: [number, number, number, number][] = [];

  /** Takes the room if nothing is there. */
  take(x: number, y: number, w: number, h: number): boolean {
    for (const [left, top, width, height] of this.#taken) {
      if (x < left + width && left < x + w && y < top + height && top < y + h) return false;
    }
    this.#taken.push([x, y, w, h]);
    return true;
  }
}
