import { mount } from "../ui/island.tsx";
import type { Brought } from "./draft.ts";
import { TableEditor } from "./editor.tsx";

mount<Brought>("table", (brought) => <TableEditor brought={brought} />);
