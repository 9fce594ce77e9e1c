import { expect, test } from "vitest";
import { type Backup, type Conflict, ConflictError, RefusedError, resumed, Saving, type State } from "./saving.ts";

const OTHER: Conflict = { revision: 9, by: "Ana", at: null, text: "theirs" };

/** A server with a revision, and a clock that is moved by hand. */
function bench() {
  const held = { server: 7, text: "start", kept: null as Backup | null, states: [] as string[], puts: [] as [number, string][] };
  const trouble: { next: Error | null } = { next: null };
  let timer: { at: number; then: () => void } | null = null;
  let now = 0;
  const saving = new Saving(
    {
      async put(revision, text) {
        held.puts.push([revision, text]);
        if (trouble.next !== null) throw trouble.next;
        if (revision !== held.server) throw new ConflictError(OTHER);
        held.text = text;
        held.server += 1;
        return { revision: held.server };
      },
      keep: (backup) => void (held.kept = backup),
      told: (state: State) => void held.states.push(state.is),
      after(ms, then) {
        const mine = { at: now + ms, then };
        timer = mine;
        return () => void (timer === mine && (timer = null));
      },
    },
    7,
  );
  async function pass(ms: number) {
    now += ms;
    if (timer !== null && timer.at <= now) {
      const { then } = timer;
      timer = null;
      then();
    }
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  }
  return { held, trouble, saving, pass };
}

test("typing is saved once it rests, by one request", async () => {
  const { held, saving, pass } = bench();
  saving.change("a");
  await pass(500);
  saving.change("ab");
  await pass(500);
  expect(held.puts).toEqual([]);
  await pass(300);
  expect(held.puts).toEqual([[7, "ab"]]);
  expect(saving.state.is).toBe("saved");
  expect(held.kept).toBeNull();
});

test("what is typed while saving goes with the next request, by the new revision", async () => {
  const { held, saving, pass } = bench();
  saving.change("a");
  saving.flush();
  saving.change("ab");
  await pass(0);
  expect(held.kept).toEqual({ revision: 8, text: "ab" });
  await pass(800);
  expect(held.puts).toEqual([[7, "a"], [8, "ab"]]);
});

test("offline, work is kept on this machine and tried again", async () => {
  const { held, trouble, saving, pass } = bench();
  trouble.next = new TypeError("no connection");
  saving.change("a");
  await pass(800);
  expect(saving.state.is).toBe("offline");
  expect(held.kept).toEqual({ revision: 7, text: "a" });
  trouble.next = null;
  await pass(2_000);
  expect(held.text).toBe("a");
  expect(saving.state.is).toBe("saved");
});

test("on a conflict nothing is sent until someone chose", async () => {
  const { held, saving, pass } = bench();
  held.server = 9;
  saving.change("mine");
  await pass(800);
  expect(saving.state).toEqual({ is: "conflict", conflict: OTHER });
  saving.change("mine, more");
  await pass(5_000);
  expect(held.puts.length).toBe(1);
  expect(held.kept?.text).toBe("mine, more");
});

test("one's own text may be saved over the other's", async () => {
  const { held, saving, pass } = bench();
  held.server = 9;
  saving.change("mine");
  await pass(800);
  saving.settle("both");
  await pass(0);
  expect(held.text).toBe("both");
  expect(saving.revision).toBe(10);
});

test("the other's text may be taken, and work goes on from its revision", async () => {
  const { held, saving, pass } = bench();
  held.server = 9;
  saving.change("mine");
  await pass(800);
  saving.yield();
  expect(held.kept).toBeNull();
  saving.change("theirs, more");
  await pass(800);
  expect(held.text).toBe("theirs, more");
});

test("what is refused is not sent again by itself", async () => {
  const { held, trouble, saving, pass } = bench();
  trouble.next = new RefusedError("too long");
  saving.change("a");
  await pass(800);
  expect(saving.state).toEqual({ is: "refused", why: "too long" });
  await pass(60_000);
  expect(held.puts.length).toBe(1);
  expect(held.kept?.text).toBe("a");
});

test("work that was kept goes on; on another revision it is a conflict", () => {
  const server = { revision: 7, text: "start" };
  expect(resumed(null, server)).toEqual({ text: "start", conflict: false, kept: false });
  expect(resumed({ revision: 7, text: "more" }, server)).toEqual({ text: "more", conflict: false, kept: true });
  expect(resumed({ revision: 6, text: "more" }, server)).toEqual({ text: "more", conflict: true, kept: true });
  expect(resumed({ revision: 6, text: "start" }, server).conflict).toBe(false);
});
