import { mount } from "../ui/island.tsx";
import type { Brought } from "./draft.ts";
import { RuleEditor } from "./editor.tsx";

mount<Brought>("rule", (brought) => <RuleEditor brought={brought} />);
