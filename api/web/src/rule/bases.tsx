/** The legal bases: those of this rule, and the picker that takes them or a shared one. */

import { useId, useState } from "react";
import { t } from "../catalogue/index.ts";
import type { Word } from "../contract.ts";
import { dotted, type Path, put, rename } from "../tree.ts";
import { DateField, Faults, SelectField, TextField } from "../ui/field.tsx";
import { WordField } from "../ui/words.tsx";
import { table, text, useEditing, useFaults } from "./editing.tsx";

export function BasisField({ path, label, optional = false }: { path: Path; label: string; optional?: boolean }) {
  const { content } = useEditing();
  const own: Word[] = Object.entries(table(content.basis)).map(([id, basis]) => ({
    id,
    label: text(table(basis).cite) || id,
    definition: text(table(basis).gist) || null,
    kind: "basis",
  }));
  return <WordField path={path} label={label} scope={{ kind: "basis" }} more={own} optional={optional} />;
}

export function Bases() {
  const { content, edit } = useEditing();
  const names = Object.keys(table(content.basis));
  const add = () => {
    let name = "law";
    for (let number = 2; names.includes(name); number += 1) name = `law-${number}`;
    const today = new Date().toISOString().slice(0, 10);
    edit((held) => put(held, ["basis", name], { cite: "", gist: "", status: "to-confirm", checked: today }));
  };
  return (
    <>
      {names.map((name, index) => (
        // The place and not the name is the key: a name that is typed keeps its field.
        <Basis key={index} name={name} />
      ))}
      <button type="button" onClick={add}>
        {t("basis.add")}
      </button>
    </>
  );
}

function Basis({ name }: { name: string }) {
  const { edit } = useEditing();
  const path = ["basis", name];
  return (
    <fieldset className="entry" data-path={dotted(path)}>
      <legend>{name}</legend>
      <Faults faults={useFaults(path, false)} />
      <div className="fields">
        <NameField name={name} />
        <SelectField path={[...path, "status"]} label={t("status")} options={["law", "illustrative", "to-confirm"]} named={(option) => t(`status.${option}` as "status.law")} />
        <DateField path={[...path, "checked"]} label={t("checked.on")} />
        <TextField path={[...path, "cite"]} label={t("cite")} wide />
        <TextField path={[...path, "href"]} label={t("href")} wide optional />
        <TextField path={[...path, "gist"]} label={t("gist")} hint={t("gist.hint")} lines={2} wide />
      </div>
      <div className="row end">
        <button type="button" className="small" onClick={() => edit((held) => put(held, path, undefined))}>
          {t("remove.named", { name })}
        </button>
      </div>
    </fieldset>
  );
}

/** The name of a basis, which its tests cite: they follow when it is left. */
function NameField({ name }: { name: string }) {
  const { content, edit } = useEditing();
  const id = useId();
  const [typed, type] = useState<string | null>(null);
  const taken = typed !== null && typed !== name && Object.hasOwn(table(content.basis), typed);
  const leave = () => {
    if (typed !== null && typed !== "" && !taken) edit((held) => renamed(held, name, typed));
    type(null);
  };
  return (
    <div className="field">
      <label htmlFor={id}>{t("basis.name")}</label>
      <input id={id} dir="ltr" value={typed ?? name} aria-invalid={taken || undefined} onChange={(event) => type(event.target.value)} onBlur={leave} />
      {taken && <span role="alert">{t("basis.taken")}</span>}
    </div>
  );
}

function renamed(content: ReturnType<typeof useEditing>["content"], from: string, to: string) {
  return citing(rename(content, ["basis", from], to), from, to);
}

/** Whatever cites the basis *from* cites *to*. */
function citing<T>(value: T, from: string, to: string): T {
  if (Array.isArray(value)) return value.map((each) => citing(each, from, to)) as T;
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, held]) => [key, key === "basis" && held === from ? to : citing(held, from, to)]);
  return Object.fromEntries(entries) as T;
}
