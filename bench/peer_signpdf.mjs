// The peer @signpdf/signpdf: signs a PDF so many times and prints the CPU seconds of each.
// Arguments: the folder that has it in node_modules, PDF, P12, password, rounds.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";

const [folder, pdf, p12, passphrase, rounds] = process.argv.slice(2);
const load = createRequire(resolve(folder, "x.js"));
const { SignPdf } = load("@signpdf/signpdf");
const { P12Signer } = load("@signpdf/signer-p12");
const { plainAddPlaceholder } = load("@signpdf/placeholder-plain");

const document = readFileSync(pdf);
const key = readFileSync(p12);
const words = { reason: "", contactInfo: "", name: "", location: "" };
for (let round = 0; round < Number(rounds); round++) {
  const signer = new P12Signer(Buffer.from(key), { passphrase }); // it wipes what it was given
  const before = process.cpuUsage();
  const pdfBuffer = plainAddPlaceholder({
    pdfBuffer: document,
    widgetRect: [100, 100, 200, 200],
    subFilter: "ETSI.CAdES.detached",
    ...words,
  });
  const signed = await new SignPdf().sign(pdfBuffer, signer);
  const { user, system } = process.cpuUsage(before);
  if (!signed.includes("/ByteRange")) throw new Error("not signed");
  console.log((user + system) / 1e6);
}
