import { render } from "preact";
import { App } from "./app.js";
import { Connection } from "./connection.js";
import { Store } from "./store.js";

const store = new Store();
const connection = new Connection(store);
const place = document.getElementById("page");
if (place !== null) {
  place.replaceChildren();
  render(<App store={store} connection={connection} />, place);
}
void connection.run();
