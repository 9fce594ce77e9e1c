import { expect, test } from "vitest";
import { Checking } from "./checking.ts";

function bench() {
  const answers = new Map<string, (answer: string) => void>();
  const got: string[] = [];
  const asked: string[] = [];
  let due: (() => void) | null = null;
  const checking = new Checking<string, string>({
    ask: (question) => {
      asked.push(question);
      return new Promise((resolve) => void answers.set(question, resolve));
    },
    answered: (answer) => void got.push(answer),
    failed: () => void got.push("failed"),
    after: (_, then) => {
      due = then;
      return () => void (due = null);
    },
  });
  const rest = () => due?.();
  return { checking, answers, got, asked, rest };
}

test("only what stands when typing rests is asked", () => {
  const { checking, asked, rest } = bench();
  checking.ask("a");
  checking.ask("ab");
  rest();
  expect(asked).toEqual(["ab"]);
});

test("an answer to an older question is dropped", async () => {
  const { checking, answers, got, rest } = bench();
  checking.ask("old");
  rest();
  checking.ask("new");
  rest();
  answers.get("new")?.("to new");
  answers.get("old")?.("to old");
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect(got).toEqual(["to new"]);
});

test("what is dropped is neither asked nor answered", async () => {
  const { checking, answers, got, asked, rest } = bench();
  checking.ask("flying");
  rest();
  checking.drop();
  answers.get("flying")?.("late");
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect(got).toEqual([]);
  checking.ask("waiting");
  checking.drop();
  rest();
  expect(asked).toEqual(["flying"]);
});
