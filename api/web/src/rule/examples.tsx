/** Examples: what is given, and the verdict that the author expects. */

import { t } from "../catalogue/index.ts";
import { append, at, dotted, isTable, type Path, type Plain, put, type Table } from "../tree.ts";
import { type Word, words } from "../contract.ts";
import { DateField, Faults, NumberField, SelectField, TextField } from "../ui/field.tsx";
import { useWord, WordField } from "../ui/words.tsx";
import { groupsOf, operatorOf } from "./grouping.ts";
import { list, table, text, useEditing, useFaults } from "./editing.tsx";
import { firstGiven, Given } from "./value.tsx";

export const VERDICTS = ["applies", "does not apply", "undetermined", "not in force"];

export function verdictWords(verdict: string): string {
  return VERDICTS.includes(verdict) ? t(`expect.${verdict}` as "expect.applies") : verdict;
}

export function Examples() {
  const { content, edit } = useEditing();
  const examples = list(content.example);
  return (
    <div data-path="example">
      <Faults faults={useFaults(["example"], false)} />
      {examples.map((_, index) => (
        <Example key={index} path={["example", index]} number={index + 1} />
      ))}
      <button type="button" onClick={() => edit((held) => append(held, ["example"], { name: "", given: {}, expect: "applies" }))}>
        {t("example.add")}
      </button>
    </div>
  );
}

function Example({ path, number }: { path: Path; number: number }) {
  const { content, edit } = useEditing();
  const example = table(at(content, path));
  const given = table(example.given);
  const read = factsOf(content.when).concat(factsOf(content.unless));
  const missing = [...read].filter(([fact]) => !Object.hasOwn(given, fact));
  const addAll = async () => {
    const found = await Promise.all(missing.map(async ([id, value]) => [id, value ?? firstGivenOf(await words("fact", id), id)] as const));
    edit((held) => found.reduce((each, [id, value]) => (value === undefined ? each : put(each, [...path, "given", id], value)), held));
  };
  return (
    <details className="entry" open={number === 1} data-path={dotted(path)}>
      <summary>
        {t("example", { n: number })}: {text(example.name)}
      </summary>
      <Faults faults={useFaults(path, false)} />
      <div className="fields">
        <TextField path={[...path, "name"]} label={t("example.name")} wide />
        <SelectField path={[...path, "expect"]} label={t("expect")} options={VERDICTS} named={verdictWords} />
        <DateField path={[...path, "on"]} label={t("example.on")} />
        {("row" in example || "table" in content) && <TextField path={[...path, "row"]} label={t("example.row")} optional />}
      </div>
      <h3>{t("given")}</h3>
      {Object.keys(given).map((id) => (
        <GivenFact key={id} path={[...path, "given", id]} id={id} />
      ))}
      <div className="fields">
        <WordField
          path={[...path, "given", ""]}
          label={t("given.add")}
          scope={{ kind: "fact" }}
          chosen={(word) => edit((held) => put(held, [...path, "given", word.id], read.find(([id]) => id === word.id)?.[1] ?? firstGiven(word)))}
        />
      </div>
      <Imposed path={[...path, "gives"]} />
      <div className="row">
        {missing.length > 0 && (
          <button type="button" onClick={() => void addAll()}>
            {t("given.rule")}
          </button>
        )}
        <button type="button" className="small" onClick={() => edit((held) => append(held, ["example"], { ...example, name: "" }))}>
          {t("example.copy")}
        </button>
        <button type="button" className="small" onClick={() => edit((held) => put(held, path, undefined))}>
          {t("remove.named", { name: t("example", { n: number }) })}
        </button>
      </div>
    </details>
  );
}

/** What the rule imposes in the example, by task: an author who changes a rate says so here, too. */
function Imposed({ path }: { path: Path }) {
  const { content, edit } = useEditing();
  const gives = table(at(content, path));
  const controls = list(table(content.then).control).map(table);
  const unsaid = controls.filter(({ task }) => text(task) !== "" && !Object.hasOwn(gives, text(task)));
  const addAll = () => edit((held) => unsaid.reduce((each, { task, rate }) => put(each, [...path, text(task)], rate), held));
  if (controls.length === 0 && Object.keys(gives).length === 0) return null;
  return (
    <>
      <h3>{t("gives")}</h3>
      {Object.keys(gives).map((task) => (
        <ImposedTask key={task} path={[...path, task]} task={task} />
      ))}
      {unsaid.length > 0 && (
        <div className="row">
          <button type="button" onClick={addAll}>
            {t("gives.add")}
          </button>
        </div>
      )}
    </>
  );
}

function ImposedTask({ path, task }: { path: Path; task: string }) {
  const { edit } = useEditing();
  const label = useWord({ kind: "task" }, task)?.label ?? task;
  return (
    <div className="fields given">
      <NumberField path={path} label={`${label}: ${t("rate")}`} />
      <button type="button" className="small" onClick={() => edit((held) => put(held, path, undefined))}>
        {t("remove.named", { name: label })}
      </button>
    </div>
  );
}

function GivenFact({ path, id }: { path: Path; id: string }) {
  const { edit } = useEditing();
  const fact = useWord({ kind: "fact" }, id);
  return (
    <div className="fields given">
      <Given path={path} fact={fact} />
      <button type="button" className="small" onClick={() => edit((held) => put(held, path, undefined))}>
        {t("remove.named", { name: fact?.label ?? id })}
      </button>
    </div>
  );
}

function firstGivenOf(found: readonly Word[], id: string): Plain | undefined {
  const word = found.find((each) => each.id === id);
  return word && firstGiven(word);
}

/** The facts that a block reads, each once, with a value that meets its test where one is plain to see. */
function factsOf(block: Plain | undefined): [string, Plain | undefined][] {
  const found = new Map<string, Plain | undefined>();
  const walk = (part: Plain): void => {
    if (!isTable(part)) return;
    if (typeof part.fact === "string" && part.fact !== "") found.set(part.fact, found.get(part.fact) ?? meeting(part));
    else groupsOf(part).forEach((group) => list(part[group]).forEach(walk));
  };
  if (block !== undefined) walk(block);
  return [...found];
}

function meeting(test: Table): Plain | undefined {
  const operator = operatorOf(test);
  const value = operator && test[operator];
  if (operator === "has" && typeof value === "string") return { [value]: text(test.status) || "declared" };
  if (operator === "is" || operator === "is_a" || operator === "at_least" || operator === "at_most") return isTable(value) && !("amount" in value) ? undefined : value;
  if (operator === "one_of" || operator === "between") return list(value)[0];
  return operator === "within" && /^\d+$/.test(text(list(value)[0])) ? text(list(value)[0]).padEnd(6, "0") : undefined;
}
