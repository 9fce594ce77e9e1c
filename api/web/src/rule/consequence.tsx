/** What follows when the rule applies: one kind of consequence, its reasons, and what the trader is told. */

import { useId } from "react";
import { t } from "../catalogue/index.ts";
import type { Trader } from "../contract.ts";
import { append, dotted, type Path, type Plain, put, type Table } from "../tree.ts";
import { Faults, NumberField, SelectField, TextField } from "../ui/field.tsx";
import { useWord, WordField } from "../ui/words.tsx";
import { BasisField } from "./bases.tsx";
import { TraderView } from "./beside.tsx";
import { list, table, useEditing, useFaults, useValue } from "./editing.tsx";
import { firstGiven, Given } from "./value.tsx";

const KINDS = ["concludes", "danger", "likelihood", "control", "status"] as const;
type Kind = (typeof KINDS)[number];

const TASK: Table = { task: "", rate: 1, unit: "consignment", kind: "target" };
const FIRST: Record<Kind, Plain> = {
  concludes: {},
  danger: { hazard: "", population: "", interest: "", level: "" },
  likelihood: { hazard: "", band: "", evidence: "" },
  control: [TASK],
  status: "",
};
const FIELDS: Record<Kind, () => React.ReactNode> = {
  concludes: Concludes,
  danger: Danger,
  likelihood: Likelihood,
  control: Control,
  status: Status,
};

export function Consequence({ trader }: { trader: Trader | null }) {
  const { content, edit } = useEditing();
  const id = useId();
  const then = table(content.then);
  const kind = KINDS.find((each) => each in then);
  const change = (next: Kind) =>
    edit((held) => {
      const others = Object.entries(table(held.then)).filter(([key]) => !KINDS.includes(key as Kind) && key !== "deadline");
      return put(held, ["then"], { [next]: FIRST[next], ...Object.fromEntries(others) });
    });
  const Fields = kind && FIELDS[kind];
  return (
    <div data-path="then">
      <Faults faults={useFaults(["then"], false)} />
      <div className="field">
        <label htmlFor={id}>{t("consequence")}</label>
        <select id={id} value={kind ?? ""} onChange={(event) => change(event.target.value as Kind)}>
          {kind === undefined && <option value="">{t("choose")}</option>}
          {KINDS.map((each) => (
            <option key={each} value={each}>
              {t(each === "status" ? "goods.status" : each)}
            </option>
          ))}
        </select>
      </div>
      {Fields && <Fields key={kind} />}
      <div className="fields">
        <BasisField path={["then", "basis"]} label={t("grounds")} optional />
        <SelectField path={["then", "on_unknown"]} label={t("unknown")} options={["request", "pass"]} absent="request" named={(option) => t(`unknown.${option}` as "unknown.request")} />
        <TextField path={["then", "because"]} label={t("because")} hint={t("because.hint")} lines={2} wide />
      </div>
      <div className="twin">
        <div>
          <WordField path={["then", "reason_class"]} label={t("reason.class")} scope={{ kind: "term", of: "reason" }} optional />
          <TextField path={["then", "remedy"]} label={t("remedy")} lines={3} optional />
        </div>
        <aside className="preview" aria-label={t("trader")}>
          <h3>{t("trader")}</h3>
          <TraderView trader={trader} />
        </aside>
      </div>
    </div>
  );
}

function Concludes() {
  const [held, set] = useValue(["then", "concludes"]);
  const name = Object.keys(table(held))[0] ?? "";
  const fact = useWord({ kind: "fact" }, name);
  return (
    <div className="fields">
      <WordField
        path={["then", "concludes", ""]}
        label={t("fact")}
        hint={fact ? `${fact.label}: ${fact.definition ?? ""}` : name}
        scope={{ kind: "fact" }}
        chosen={(word) => set({ [word.id]: firstGiven(word) })}
      />
      {name !== "" && <Given path={["then", "concludes", name]} fact={fact} />}
    </div>
  );
}

function Danger() {
  const { edit } = useEditing();
  const [danger] = useValue(["then", "danger"]);
  const path: Path = ["then", "danger"];
  const id = useId();
  const scale = "severity" in table(danger) || "harm" in table(danger) ? "harm" : "level";
  const change = (next: string) =>
    edit((held) => {
      const cleared = ["severity", "harm", "level"].reduce((each, key) => put(each, [...path, key], undefined), held);
      return next === "harm" ? put(put(cleared, [...path, "severity"], 1), [...path, "harm"], 0.001) : put(cleared, [...path, "level"], "");
    });
  return (
    <div className="fields" data-path={dotted(path)}>
      <Hazard path={path} />
      <WordField path={[...path, "population"]} label={t("population")} scope={{ kind: "term", of: "population" }} />
      <WordField path={[...path, "interest"]} label={t("interest")} scope={{ kind: "term", of: "interest" }} />
      <div className="field">
        <label htmlFor={id}>{t("scale")}</label>
        <select id={id} value={scale} onChange={(event) => change(event.target.value)}>
          <option value="harm">{t("scale.harm")}</option>
          <option value="level">{t("scale.level")}</option>
        </select>
      </div>
      {scale === "harm" ? (
        <>
          <NumberField path={[...path, "severity"]} label={t("severity")} />
          <NumberField path={[...path, "harm"]} label={t("harm")} hint={t("harm.hint")} />
        </>
      ) : (
        <WordField path={[...path, "level"]} label={t("level")} scope={{ kind: "term", of: "level" }} />
      )}
      <Faults faults={useFaults(path, false)} />
    </div>
  );
}

function Hazard({ path }: { path: Path }) {
  return <WordField path={[...path, "hazard"]} label={t("hazard")} scope={{ kind: "hazard" }} />;
}

function Likelihood() {
  const path: Path = ["then", "likelihood"];
  return (
    <div className="fields">
      <Hazard path={path} />
      <WordField path={[...path, "band"]} label={t("band")} scope={{ kind: "term", of: "likelihood" }} />
      <TextField path={[...path, "evidence"]} label={t("evidence")} lines={2} wide />
    </div>
  );
}

function Control() {
  const { edit } = useEditing();
  const [tasks] = useValue(["then", "control"]);
  return (
    <div data-path="then.control">
      {list(tasks).map((_, index) => (
        <TaskFields key={index} path={["then", "control", index]} number={index + 1} />
      ))}
      <button type="button" onClick={() => edit((held) => append(held, ["then", "control"], TASK))}>
        {t("task.add")}
      </button>
    </div>
  );
}

function TaskFields({ path, number }: { path: Path; number: number }) {
  const { edit } = useEditing();
  const [rate] = useValue([...path, "rate"]);
  return (
    <fieldset className="entry" data-path={dotted(path)}>
      <legend>{t("task.n", { n: number })}</legend>
      <div className="fields">
        <WordField path={[...path, "task"]} label={t("task")} scope={{ kind: "task" }} />
        {"column" in table(rate) ? <TextField path={[...path, "rate", "column"]} label={`${t("rate")} · ${t("column")}`} /> : <NumberField path={[...path, "rate"]} label={t("rate")} />}
        <SelectField path={[...path, "unit"]} label={t("unit")} options={["consignment", "item", "lot"]} absent="consignment" named={(option) => t(`unit.${option}` as "unit.item")} />
        <SelectField path={[...path, "kind"]} label={t("kind")} options={["minimum", "target"]} absent="target" named={(option) => t(`kind.${option}` as "kind.target")} />
        <SelectField path={[...path, "generator"]} label={t("generator")} options={["ours", "external"]} absent="ours" named={(option) => t(`generator.${option}` as "generator.ours")} />
      </div>
      <Faults faults={useFaults(path, false)} />
      <div className="row end">
        <button type="button" className="small" onClick={() => edit((held) => put(held, path, undefined))}>
          {t("remove.named", { name: t("task.n", { n: number }) })}
        </button>
      </div>
    </fieldset>
  );
}

function Status() {
  const [deadline, set] = useValue(["then", "deadline"]);
  const path: Path = ["then", "deadline"];
  const first = { working_days: 4, from: "", country: "", basis: "", expiry: "" };
  return (
    <>
      <div className="fields">
        <WordField path={["then", "status"]} label={t("status")} scope={{ kind: "term", of: "status" }} />
        <label className="field check">
          <input type="checkbox" checked={deadline !== undefined} onChange={(event) => set(event.target.checked ? first : undefined)} /> {t("deadline.use")}
        </label>
      </div>
      {deadline !== undefined && (
        <fieldset className="entry" data-path={dotted(path)}>
          <legend>{t("deadline")}</legend>
          <div className="fields">
            <NumberField path={[...path, "working_days"]} label={t("deadline.days")} />
            <WordField path={[...path, "from"]} label={t("deadline.from")} scope={{ kind: "fact" }} />
            <WordField path={[...path, "country"]} label={t("deadline.country")} scope={{ kind: "fact" }} />
            <WordField path={[...path, "stopped_by"]} label={t("deadline.stopped")} scope={{ kind: "fact" }} optional />
            <BasisField path={[...path, "basis"]} label={t("basis")} />
            <TextField path={[...path, "expiry"]} label={t("deadline.expiry")} lines={2} wide />
          </div>
        </fieldset>
      )}
    </>
  );
}
