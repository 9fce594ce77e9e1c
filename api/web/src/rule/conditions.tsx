/** `when` and `unless`: tests in groups, nested. */

import { useId } from "react";
import { t } from "../catalogue/index.ts";
import type { Word } from "../contract.ts";
import { append, at, dotted, move, type Path, put, type Table } from "../tree.ts";
import { Faults, SelectField, TextField } from "../ui/field.tsx";
import { Combobox } from "../ui/combobox.tsx";
import { Field } from "../ui/field.tsx";
import { find, useWord } from "../ui/words.tsx";
import { BasisField } from "./bases.tsx";
import { addPart, emptyTest, GROUPS, type Group, groupOf, groupsOf, operatorOf, regroup, removePart, unwrap, withFact, withOperator, wrap } from "./grouping.ts";
import { list, table, text, useEditing, useFaults, useValue } from "./editing.tsx";
import { Operand } from "./value.tsx";

const CRITERIA = ["code", "nature", "origin", "shipped-from", "value", "compliance", "transport", "other"];

/** One block of conditions; its groups must all hold. */
export function Conditions({ name }: { name: "when" | "unless" }) {
  const { content, edit } = useEditing();
  const groups = groupsOf(content[name]);
  const start = name === "unless" ? "any" : "all";
  return (
    <>
      <div data-path={name}>
        <Faults faults={useFaults([name], false)} />
      </div>
      {groups.map((kind) => (
        <GroupEditor key={kind} path={[name, kind]} kind={kind} depth={0} />
      ))}
      {groups.length === 0 && (
        <button type="button" onClick={() => edit((held) => addPart(held, [name], emptyTest(firstBasis(held)), start))}>
          {t("test.add")}
        </button>
      )}
    </>
  );
}

function firstBasis(content: Table): string | undefined {
  return Object.keys(table(content.basis))[0];
}

/** A group at *path*, which ends in its kind; it stands in a block, or is an element of another group. */
function GroupEditor({ path, kind, depth }: { path: Path; kind: Group; depth: number }) {
  const { content, edit } = useEditing();
  const id = useId();
  const parts = list(at(content, path));
  const around = path.slice(0, -1);
  const nested = typeof around.at(-1) === "number";
  return (
    <fieldset className={`group depth-${depth % 3}`} data-path={dotted(path)}>
      <legend>{t("group")}</legend>
      <div className="row">
        <label htmlFor={id} className="heard">
          {t("group")}
        </label>
        <select id={id} value={kind} onChange={(event) => edit((held) => regroup(held, path, event.target.value as Group))}>
          {GROUPS.map((each) => (
            <option key={each} value={each}>
              {t(`group.${each}`)}
            </option>
          ))}
        </select>
        {nested && (
          <>
            <button type="button" className="small" onClick={() => edit((held) => unwrap(held, around))}>
              {t("group.unwrap")}
            </button>
            <button type="button" className="small" onClick={() => edit((held) => removePart(held, around))}>
              {t("remove")}
            </button>
          </>
        )}
      </div>
      <Faults faults={useFaults(path, false)} />
      <ol className="parts">
        {parts.map((part, index) => {
          const inner = groupOf(part);
          const place = [...path, index];
          // Parts have no names of their own; their places are their keys.
          return (
            <li key={index}>
              {inner === undefined ? (
                <TestEditor path={place} number={index + 1} last={index === parts.length - 1} />
              ) : (
                <GroupEditor path={[...place, inner]} kind={inner} depth={depth + 1} />
              )}
            </li>
          );
        })}
      </ol>
      <div className="row">
        <button type="button" onClick={() => edit((held) => append(held, path, emptyTest(firstBasis(held))))}>
          {t("test.add")}
        </button>
        <button type="button" onClick={() => edit((held) => append(held, path, { [kind === "any" ? "all" : "any"]: [emptyTest(firstBasis(held))] }))}>
          {t("group.add")}
        </button>
      </div>
    </fieldset>
  );
}

function TestEditor({ path, number, last }: { path: Path; number: number; last: boolean }) {
  const { content, edit } = useEditing();
  const test = table(at(content, path));
  const fact = useWord({ kind: "fact" }, text(test.fact));
  const operator = operatorOf(test);
  const above = path.slice(0, -1);
  const choose = (word: Word) => edit((held) => put(held, path, withFact(table(at(held, path)), read(word), fact && read(fact))));
  return (
    <fieldset className="test" data-path={dotted(path)}>
      <legend>{t("test", { n: number })}</legend>
      <Faults faults={useFaults(path, false)} />
      <div className="fields">
        <Field path={[...path, "fact"]} label={t("fact")} note={fact?.definition ?? undefined}>
          {(wiring) => <Combobox wiring={wiring} value={text(test.fact)} word={fact} find={(typed) => find({ kind: "fact" }, typed)} choose={choose} />}
        </Field>
        {(fact?.operators ?? []).length > 0 && <OperatorField path={path} fact={fact} operator={operator ?? ""} />}
        {operator !== undefined && <Operand path={[...path, operator]} fact={fact} operator={operator} />}
        <BasisField path={[...path, "basis"]} label={t("basis")} />
        <Criterion path={path} />
      </div>
      <div className="row end">
        <button type="button" className="small" disabled={number === 1} onClick={() => edit((held) => move(held, above, number - 1, number - 2))}>
          {t("up")}
        </button>
        <button type="button" className="small" disabled={last} onClick={() => edit((held) => move(held, above, number - 1, number))}>
          {t("down")}
        </button>
        <button type="button" className="small" onClick={() => edit((held) => wrap(held, path, "any"))}>
          {t("wrap")}
        </button>
        <button type="button" className="small" onClick={() => edit((held) => removePart(held, path))}>
          {t("remove.named", { name: fact?.label ?? t("test", { n: number }) })}
        </button>
      </div>
    </fieldset>
  );
}

function read(word: Word) {
  return { id: word.id, type: word.type ?? "", operators: word.operators ?? [], order: word.order ?? [] };
}

function OperatorField({ path, fact, operator }: { path: Path; fact: Word | null; operator: string }) {
  const { edit } = useEditing();
  const id = useId();
  const options = fact?.operators ?? [];
  const change = (name: string) => edit((held) => put(held, path, withOperator(table(at(held, path)), name, fact && read(fact))));
  return (
    <div className="field">
      <label htmlFor={id}>{t("operator")}</label>
      <select id={id} value={operator} onChange={(event) => change(event.target.value)}>
        {!options.some((each) => each.name === operator) && <option value={operator}>{operator || t("choose")}</option>}
        {options.map((each) => (
          <option key={each.name} value={each.name}>
            {each.words}
          </option>
        ))}
      </select>
    </div>
  );
}

function Criterion({ path }: { path: Path }) {
  const [criterion] = useValue([...path, "criterion"]);
  const [reason] = useValue([...path, "reason"]);
  return (
    <>
      <SelectField
        path={[...path, "criterion"]}
        label={t("criterion")}
        hint={t("criterion.hint")}
        options={["", ...CRITERIA]}
        absent=""
        named={(option) => (option === "" ? t("none") : t(`criterion.${option}` as "criterion.code"))}
      />
      {(criterion === "other" || reason !== undefined) && <TextField path={[...path, "reason"]} label={t("reason")} optional />}
    </>
  );
}
