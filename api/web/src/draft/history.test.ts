import { expect, test } from "vitest";
import { changed, completed, redone, started, undone } from "./history.ts";

test("what is undone is redone", () => {
  const two = changed(changed(started("a"), "b", "x", 0), "c", "y", 10);
  expect(undone(undone(two)).now).toBe("a");
  expect(redone(redone(undone(undone(two)))).now).toBe("c");
});

test("typing on in one field is one step, and a pause or another field ends it", () => {
  const typed = changed(changed(changed(started(""), "t", "title", 0), "to", "title", 100), "toy", "title", 200);
  expect(undone(typed).now).toBe("");
  expect(undone(changed(typed, "toys", "title", 9_000)).now).toBe("toy");
  expect(undone(changed(typed, "toy!", "remedy", 250)).now).toBe("toy");
});

test("a change after an undo ends what could be redone", () => {
  expect(redone(changed(undone(changed(started(1), 2, "", 0)), 3, "", 1)).now).toBe(3);
});

test("a completion is no step of its own", () => {
  const one = completed(changed(started("a"), "b", "x", 0), "B");
  expect(one.now).toBe("B");
  expect(undone(one).now).toBe("a");
});

test("there is nothing before the first and after the last", () => {
  expect(undone(started(1)).now).toBe(1);
  expect(redone(started(1)).now).toBe(1);
});
