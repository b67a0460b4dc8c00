// Reads the data and starts the page.
import { App } from "./app.ts";
import { parseData } from "./data.ts";
import { byId } from "./dom.ts";
import { Graph } from "./graph.ts";

new App(new Graph(parseData(byId("data").textContent ?? "")));
document.documentElement.dataset.ready = "yes";
