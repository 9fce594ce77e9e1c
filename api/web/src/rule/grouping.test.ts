import { expect, test } from "vitest";
import { addPart, groupOf, regroup, removePart, tests, unwrap, withFact, withOperator, wrap } from "./grouping.ts";

const age = { fact: "goods.age", under: 36, basis: "law", criterion: "nature" };
const toy = { fact: "goods.type", is_a: "product:Toy", basis: "law" };
const number = { id: "goods.age", type: "number", operators: [{ name: "under" }, { name: "between" }, { name: "known" }] };
const term = { id: "goods.type", type: "term", operators: [{ name: "is" }, { name: "is_a" }, { name: "one_of" }] };

test("a group of another kind keeps its tests and its place", () => {
  expect(regroup({ when: { all: [age, toy] } }, ["when", "all"], "any")).toEqual({ when: { any: [age, toy] } });
});

test("two groups that mean the same become one, and none is lost", () => {
  const block = { when: { all: [age], none: [toy] } };
  expect(regroup(block, ["when", "none"], "all")).toEqual({ when: { all: [age, toy] } });
});

test("alternatives do not join other alternatives, which would change what both mean", () => {
  const block = { when: { any: [age], all: [toy] } };
  expect(regroup(block, ["when", "all"], "any")).toEqual({ when: { any: [age], all: [{ any: [toy] }] } });
});

test("wrapping and unwrapping a test gives it back", () => {
  const block = { when: { all: [age, toy] } };
  const wrapped = wrap(block, ["when", "all", 1], "any");
  expect(groupOf(wrapped.when.all[1])).toBe("any");
  expect(unwrap(wrapped, ["when", "all", 1])).toEqual(block);
});

test("the last test of a group takes the group with it", () => {
  const block = { when: { all: [age, { any: [{ none: [toy] }] }] } };
  expect(removePart(block, ["when", "all", 1, "any", 0, "none", 0])).toEqual({ when: { all: [age] } });
});

test("the last exemption takes its block with it", () => {
  expect(removePart({ when: {}, unless: { any: [toy] } }, ["unless", "any", 0])).toEqual({ when: {} });
});

test("a part joins the first group of a block, or starts one", () => {
  expect(addPart({ unless: { any: [age] } }, ["unless"], toy)).toEqual({ unless: { any: [age, toy] } });
  expect(addPart({}, ["unless"], toy, "any")).toEqual({ unless: { any: [toy] } });
});

test("another operator stands where the former stood and keeps what still says something", () => {
  expect(Object.entries(withOperator(age, "between", number))[1]).toEqual(["between", [36, 36]]);
  expect(withOperator(toy, "one_of", term).one_of).toEqual(["product:Toy"]);
});

test("a value of another kind does not survive its fact", () => {
  expect(withFact(age, term, number)).toEqual({ fact: "goods.type", is: "", basis: "law", criterion: "nature" });
});

test("what belongs to an operator goes with it", () => {
  const papers = { fact: "documents", has: "certificate:X", status: "verified", basis: "law" };
  expect(withFact(papers, number, null)).toEqual({ fact: "goods.age", under: 0, basis: "law" });
});

test("tests are counted in groups of groups", () => {
  expect(tests({ all: [age, { any: [toy, { none: [age] }] }], none: [toy] })).toBe(4);
});
