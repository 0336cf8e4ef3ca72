// nodemailer's pool with nunjucks: as many mails are handed over at once as keep every connection busy.
"use strict";

const fs = require("node:fs");
const readline = require("node:readline");
const nodemailer = require("nodemailer");
const nunjucks = require("nunjucks");

const order = JSON.parse(process.argv[2]);
const lines = fs.readFileSync(order.people, "utf8").split("\n");
const people = lines.slice(0, order.count).map((line) => JSON.parse(line));
const texts = JSON.parse(fs.readFileSync(order.texts, "utf8"));
const plain = new nunjucks.Environment(null, { autoescape: false });
const markedUp = new nunjucks.Environment(null, { autoescape: true });
const subject = nunjucks.compile(texts.subject, plain);
const text = nunjucks.compile(texts.text, plain);
const html = nunjucks.compile(texts.html, markedUp);
const pool = nodemailer.createTransport({
  pool: true,
  host: "127.0.0.1",
  port: order.port,
  secure: Boolean(order.ca),
  ignoreTLS: true,
  tls: order.ca ? { ca: fs.readFileSync(order.ca) } : undefined,
  maxConnections: order.connections,
  maxMessages: Infinity,
});

async function lane(numbers) {
  for (const number of numbers) {
    const person = people[number];
    await pool.sendMail({
      from: texts.sender,
      to: person.email,
      subject: subject.render(person),
      text: text.render(person),
      html: html.render(person),
    });
  }
}

readline.createInterface({ input: process.stdin }).once("line", async () => {
  const began = performance.now();
  const cpu = process.cpuUsage();
  const numbers = people.keys();
  await Promise.all(Array.from({ length: 2 * order.connections }, () => lane(numbers)));
  pool.close();
  const ended = performance.now();
  const spent = process.cpuUsage(cpu);
  const rss = Number(/VmHWM:\s+(\d+)/.exec(fs.readFileSync("/proc/self/status", "utf8"))[1]);
  const told = { began: began / 1e3, ended: ended / 1e3, cpu: (spent.user + spent.system) / 1e6, rss_kib: rss };
  process.stdout.write(JSON.stringify(told) + "\n", () => process.exit(0));
});
process.stdout.write("ready\n");
