// Starts the page.
import { treemap } from "d3-hierarchy";
import { zoom } from "d3-zoom";

interface Data {
  project: string;
  modules: { name: string[] };
}

const data = JSON.parse(document.getElementById("data")?.textContent ?? "") as Data;
document.title = data.project;
const table = document.getElementById("modules") as HTMLTableElement;
for (const name of data.modules.name) table.insertRow().insertCell().textContent = name;
document.body.dataset["libraries"] = `${typeof treemap} ${typeof zoom}`;
