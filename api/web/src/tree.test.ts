import { expect, test } from "vitest";
import { append, at, move, put, rename } from "./tree.ts";

const content = { when: { all: [{ fact: "a" }, { fact: "b" }, { fact: "c" }] }, title: "t" };

test("a value is put at its path and nothing else changes", () => {
  const after = put(content, ["when", "all", 1, "fact"], "x");
  expect(at(after, ["when", "all"])).toEqual([{ fact: "a" }, { fact: "x" }, { fact: "c" }]);
  expect(at(content, ["when", "all", 1, "fact"])).toBe("b");
  expect(at(after, ["when", "all", 0])).toBe(at(content, ["when", "all", 0]));
});

test("tables that are missing on the way are made", () => {
  expect(put({}, ["proportionality", "objective"], "o")).toEqual({ proportionality: { objective: "o" } });
});

test("a value that is taken away leaves its key and its place in a list empty", () => {
  expect(put(content, ["title"], undefined)).toEqual({ when: content.when });
  expect(at(put(content, ["when", "all", 0], undefined), ["when", "all", 0, "fact"])).toBe("b");
});

test("names that every object inherits are not in a content", () => {
  expect(at(content, ["constructor"])).toBeUndefined();
  expect(at(put({}, ["toString", "x"], 1), ["toString", "x"])).toBe(1);
});

test("an element moves and none is lost", () => {
  const after = move(content, ["when", "all"], 0, 2);
  expect((at(after, ["when", "all"]) as { fact: string }[]).map((each) => each.fact)).toEqual(["b", "c", "a"]);
  expect(move(content, ["when", "all"], 0, 3)).toBe(content);
});

test("a renamed key keeps its place, and takes no name that another has", () => {
  expect(Object.keys(rename(content, ["when"], "unless"))).toEqual(["unless", "title"]);
  expect(rename(content, ["when"], "title")).toBe(content);
});

test("what is appended to no list starts one", () => {
  expect(append({}, ["example"], { name: "n" })).toEqual({ example: [{ name: "n" }] });
});
