import { expect, test } from "vitest";
import { Store } from "./store.ts";

test("views hear of a change and read it, until they leave", () => {
  const store = new Store({ a: 1, b: 2 });
  const heard: number[] = [];
  const leave = store.subscribe(() => void heard.push(store.get().a));
  store.set({ a: 5 });
  leave();
  store.set({ a: 6 });
  expect(heard).toEqual([5]);
  expect(store.get()).toEqual({ a: 6, b: 2 });
});
