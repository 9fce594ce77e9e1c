/** What a fact is compared with, or is given as: one kind of field for each type of fact. */

import { t } from "../catalogue/index.ts";
import type { Word } from "../contract.ts";
import { isTable, type Path } from "../tree.ts";
import { DateField, FlagField, NumberField, SelectField, TextField } from "../ui/field.tsx";
import { WordField, WordsField } from "../ui/words.tsx";
import { CodesDialog } from "./codes.tsx";
import { list, text, useValue } from "./editing.tsx";

const PRESENCE = ["declared", "presented", "verified"];
const STATUSES = ["missing", "declared", "presented", "verified", "rejected", "expired"];

/** The operand of a test on *fact* by *operator*, at *path* of which the last step is the operator. */
export function Operand({ path, fact, operator }: { path: Path; fact: Word | null; operator: string }) {
  const [value, set] = useValue(path);
  const beside = path.slice(0, -1);
  if (isTable(value) && "column" in value) return <Column path={path} />;
  if (operator === "known") return <FlagField path={path} label={t("value")} absent />;
  switch (fact?.type) {
    case "boolean":
      return <FlagField path={path} label={t("value")} />;
    case "number":
    case "money":
      if (operator === "between") {
        return (
          <>
            <Amount path={[...path, 0]} fact={fact} label={t("value.low")} />
            <Amount path={[...path, 1]} fact={fact} label={t("value.high")} />
          </>
        );
      }
      if (isTable(value) && "parameter" in value) {
        return (
          <>
            <WordField path={[...path, "parameter"]} label={t("parameter")} scope={{ kind: "parameter" }} />
            <button type="button" className="small" onClick={() => set(fact.type === "money" ? { amount: 0, currency: "EUR" } : 0)}>
              {t("number.use")}
            </button>
          </>
        );
      }
      return (
        <>
          <Amount path={path} fact={fact} label={t("value")} />
          <button type="button" className="small" onClick={() => set({ parameter: "" })}>
            {t("parameter.use")}
          </button>
        </>
      );
    case "date":
      return <DateField path={path} label={t("value")} optional={false} />;
    case "documents":
      return (
        <>
          <WordField path={path} label={t("document")} scope={{ kind: "term", of: "certificate" }} />
          <SelectField path={[...beside, "status"]} label={t("document.status")} options={PRESENCE} named={documentStatus} absent="declared" />
        </>
      );
    case "code":
      return <Codes path={path} />;
    case "country":
      if (operator === "within") return <WordsField path={path} label={t("country.group")} scope={{ kind: "group" }} lone />;
      return operator === "one_of" ? (
        <WordsField path={path} label={t("country")} scope={{ kind: "country" }} />
      ) : (
        <WordField path={path} label={t("country")} scope={{ kind: "country" }} />
      );
    case "term":
    case "terms": {
      const scope = { kind: "term", of: kindOf(fact) };
      return operator === "one_of" ? (
        <WordsField path={path} label={t("value")} scope={scope} />
      ) : (
        <WordField path={path} label={t("value")} scope={scope} />
      );
    }
    default:
      return <TextField path={path} label={t("value")} />;
  }
}

/** What an example gives for *fact*. */
export function Given({ path, fact }: { path: Path; fact: Word | null }) {
  const label = fact?.label ?? text(path.at(-1));
  switch (fact?.type) {
    case "boolean":
      return <FlagField path={path} label={label} />;
    case "number":
    case "money":
      return <Amount path={path} fact={fact} label={label} />;
    case "date":
      return <DateField path={path} label={label} optional={false} />;
    case "documents":
      return <Documents path={path} label={label} />;
    case "code":
      return <WordField path={path} label={label} scope={{ kind: "code" }} />;
    case "country":
      return <WordField path={path} label={label} scope={{ kind: "country" }} />;
    case "terms":
      return <WordsField path={path} label={label} scope={{ kind: "term", of: kindOf(fact) }} lone />;
    case "term":
      return <WordField path={path} label={label} scope={{ kind: "term", of: kindOf(fact) }} />;
    default:
      return <TextField path={path} label={label} />;
  }
}

/** A value of *fact* to begin with in an example; null where the example has to choose first. */
export function firstGiven(fact: Word): null | boolean | number | string | { amount: number; currency: string } | Record<string, never> {
  if (fact.type === "boolean") return true;
  if (fact.type === "number") return 0;
  if (fact.type === "money") return { amount: 0, currency: "EUR" };
  return fact.type === "documents" ? {} : "";
}

/** The kind of term that a fact holds: `of` may name the kind or one term of it. */
function kindOf(fact: Word): string | undefined {
  return fact.of?.split(":")[0] || undefined;
}

function Amount({ path, fact, label }: { path: Path; fact: Word; label: string }) {
  if (fact.type === "money") {
    return (
      <>
        <NumberField path={[...path, "amount"]} label={label} />
        <WordField path={[...path, "currency"]} label={t("currency")} scope={{ kind: "currency" }} />
      </>
    );
  }
  return <NumberField path={path} label={label} {...(fact.unit && { hint: fact.unit })} />;
}

function Codes({ path }: { path: Path }) {
  const [value, set] = useValue(path);
  const beside = path.slice(0, -1);
  const [ex] = useValue([...beside, "ex"]);
  const add = (code: string) => {
    const codes = list(value).map(text).filter((each) => each !== "" && each !== code);
    set(codes.length === 0 ? code : [...codes, code]);
  };
  return (
    <>
      <WordsField path={path} label={t("code")} scope={{ kind: "code" }} lone beside={<CodesDialog take={add} />} />
      <WordField path={[...beside, "ex"]} label={t("ex")} scope={{ kind: "term", of: "product" }} optional />
      {ex !== undefined && <Subdivisions path={[...beside, "subdivision"]} />}
    </>
  );
}

function Subdivisions({ path }: { path: Path }) {
  const [value] = useValue(path);
  return isTable(value) ? <Column path={path} /> : <TextField path={path} label={t("subdivision")} optional />;
}

function Documents({ path, label }: { path: Path; label: string }) {
  const [value, set] = useValue(path);
  const held = isTable(value) ? value : {};
  return (
    <fieldset className="field wide">
      <legend>{label}</legend>
      {Object.keys(held).map((id) => (
        <div className="fields" key={id}>
          <SelectField path={[...path, id]} label={id} options={STATUSES} named={documentStatus} />
          <button type="button" className="small" onClick={() => set(Object.fromEntries(Object.entries(held).filter(([key]) => key !== id)))}>
            {t("remove.named", { name: id })}
          </button>
        </div>
      ))}
      <WordField
        path={[...path, ""]}
        label={t("document")}
        scope={{ kind: "term", of: "certificate" }}
        chosen={(word) => set({ ...held, [word.id]: "verified" })}
      />
    </fieldset>
  );
}

/** A value that each row of a table brings. */
function Column({ path }: { path: Path }) {
  const [blank, set] = useValue([...path, "blank"]);
  return (
    <>
      <TextField path={[...path, "column"]} label={t("column")} />
      <label className="field check">
        <input type="checkbox" checked={blank === "any"} onChange={(event) => set(event.target.checked ? "any" : undefined)} />{" "}
        {t("blank")}
      </label>
    </>
  );
}

function documentStatus(status: string): string {
  return t(`document.${status}` as "document.declared");
}
