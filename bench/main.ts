import { fabric } from "./fabric.ts";
import { nodes } from "./nodes.ts";
import { scale } from "./scale.ts";
import { startup } from "./startup.ts";
import { table } from "./table.ts";

/** All measurements, one after the other, in one table. */
process.stdout.write(table([...(await fabric()), ...(await nodes()), ...(await scale()), ...(await startup())]));
