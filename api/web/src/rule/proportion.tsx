/** Why the measure is proportionate, and what makes it provisional. */

import { useId } from "react";
import { t } from "../catalogue/index.ts";
import { append, dotted, type Path, put } from "../tree.ts";
import { DateField, Faults, FlagField, SelectField, TextField } from "../ui/field.tsx";
import { WordField } from "../ui/words.tsx";
import { list, table, useEditing, useFaults, useValue } from "./editing.tsx";

export function Proportionality() {
  const { edit } = useEditing();
  const [held, set] = useValue(["proportionality"]);
  const path: Path = ["proportionality"];
  const id = useId();
  const faults = useFaults(path, false);
  if (held === undefined) {
    return (
      <div data-path="proportionality">
        <Faults faults={faults} />
        <button type="button" onClick={() => set({ objective: "", standard: "", alternative: [] })}>
          {t("proportionality.add")}
        </button>
      </div>
    );
  }
  const ground = "deviation" in table(held) ? "deviation" : "standard";
  const change = (next: string) => edit((content) => put(put(content, [...path, ground], undefined), [...path, next], ""));
  return (
    <div data-path="proportionality">
      <Faults faults={faults} />
      <div className="fields">
        <WordField path={[...path, "objective"]} label={t("objective")} scope={{ kind: "term", of: "objective" }} />
        <div className="field">
          <label htmlFor={id}>{t("ground")}</label>
          <select id={id} value={ground} onChange={(event) => change(event.target.value)}>
            <option value="standard">{t("standard")}</option>
            <option value="deviation">{t("deviation")}</option>
          </select>
        </div>
        <TextField key={ground} path={[...path, ground]} label={t(ground)} wide />
      </div>
      <h3>{t("alternatives")}</h3>
      {list(table(held).alternative).map((_, index) => (
        <Alternative key={index} path={[...path, "alternative", index]} number={index + 1} />
      ))}
      <div className="row">
        <button type="button" onClick={() => edit((content) => append(content, [...path, "alternative"], { task: "", contribution: "lower", available: true, why: "" }))}>
          {t("alternative.add")}
        </button>
        <button type="button" className="small" onClick={() => set(undefined)}>
          {t("remove.named", { name: t("proportionality") })}
        </button>
      </div>
    </div>
  );
}

function Alternative({ path, number }: { path: Path; number: number }) {
  const { edit } = useEditing();
  return (
    <fieldset className="entry" data-path={dotted(path)}>
      <legend>{t("alternative", { n: number })}</legend>
      <div className="fields">
        <WordField path={[...path, "task"]} label={t("task")} scope={{ kind: "task" }} />
        <SelectField path={[...path, "contribution"]} label={t("contribution")} options={["lower", "equal", "higher"]} named={(option) => t(`contribution.${option}` as "contribution.equal")} />
        <FlagField path={[...path, "available"]} label={t("available")} />
        <TextField path={[...path, "why"]} label={t("why")} lines={2} wide />
      </div>
      <div className="row end">
        <button type="button" className="small" onClick={() => edit((held) => put(held, path, undefined))}>
          {t("remove.named", { name: t("alternative", { n: number }) })}
        </button>
      </div>
    </fieldset>
  );
}

export function Provisional() {
  const [held, set] = useValue(["provisional"]);
  const path: Path = ["provisional"];
  if (held === undefined) {
    return (
      <button type="button" onClick={() => set({ insufficient: "", relies_on: "", sought: "", sought_by: "", review: "" })}>
        {t("provisional.add")}
      </button>
    );
  }
  return (
    <div data-path="provisional">
      <div className="fields">
        <TextField path={[...path, "insufficient"]} label={t("insufficient")} lines={2} wide />
        <TextField path={[...path, "relies_on"]} label={t("relies_on")} lines={2} wide />
        <TextField path={[...path, "sought"]} label={t("sought")} lines={2} wide />
        <TextField path={[...path, "sought_by"]} label={t("sought_by")} />
        <DateField path={[...path, "review"]} label={t("review")} optional={false} />
      </div>
      <button type="button" className="small" onClick={() => set(undefined)}>
        {t("remove.named", { name: t("provisional") })}
      </button>
    </div>
  );
}
