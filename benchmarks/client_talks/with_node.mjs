// openai-node: run in a folder where npm has installed openai and zod.

import OpenAI from "openai";
import { zodResponseFormat, zodTextFormat, zodFunction } from "openai/helpers/zod";
import { z } from "zod";

const [address, model, embedder, only] = [
  process.env.TALK_ADDRESS, process.env.TALK_MODEL, process.env.TALK_EMBEDDER, process.argv[2] ?? "",
];
const made = JSON.parse(process.env.TALK_MADE ?? "[]");
const client = new OpenAI({ baseURL: address, apiKey: "none", maxRetries: 0 });
const ask = [{ role: "user", content: "What is the capital of France?" }];
const plain = { model, messages: ask, temperature: 0, max_completion_tokens: 60 };
const Place = z.object({ city: z.string().max(20), country: z.enum(["France", "Italy"]) });
const weather = {
  type: "function",
  function: {
    name: "weather",
    description: "The weather in a city.",
    parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  },
};

function check(right, what) {
  if (!right) throw new Error(what);
}

async function refused(status, says, call) {
  try {
    await call();
  } catch (error) {
    check(error.status === status && error.type === "invalid_request_error", `${error.status} ${error.type}`);
    check(`${error.message} ${error.code} ${error.param}`.includes(says), error.message);
    return;
  }
  throw new Error("accepted what must be refused");
}

const cases = {
  "chat": async () => {
    const reply = await client.chat.completions.create(plain);
    check(reply.choices[0].message.content.includes("Paris"), reply.choices[0].message.content);
  },
  "chat streamed": async () => {
    let text = "", usage = null;
    const options = { stream: true, stream_options: { include_usage: true } };
    for await (const chunk of await client.chat.completions.create({ ...plain, ...options })) {
      text += chunk.choices[0]?.delta?.content ?? "";
      usage = chunk.usage ?? usage;
    }
    check(text.includes("Paris") && usage.completion_tokens > 0, text);
  },
  "the client's stream helper": async () => {
    const stream = client.chat.completions.stream(plain);
    check((await stream.finalContent()).includes("Paris"), "text");
    check((await stream.totalUsage()) !== undefined, "usage");
  },
  "a stream that is left": async () => {
    const stream = await client.chat.completions.create({ ...plain, stream: true });
    for await (const _ of stream) break;
  },
  "parse by zod": async () => {
    const reply = await client.chat.completions.parse({ ...plain, response_format: zodResponseFormat(Place, "place") });
    check(Place.safeParse(reply.choices[0].message.parsed).success, reply.choices[0].message.content);
  },
  "a strict tool by zod": async () => {
    const tools = [zodFunction({ name: "place", parameters: Place })];
    const reply = await client.chat.completions.parse({ ...plain, tools, tool_choice: "required" });
    check(Place.safeParse(reply.choices[0].message.tool_calls[0].function.parsed_arguments).success, "arguments");
  },
  "tools, auto": async () => {
    const { message } = (await client.chat.completions.create({ ...plain, tools: [weather] })).choices[0];
    check(message.content || message.tool_calls, "nothing");
  },
  "tools run by the client": async () => {
    const run = (_) => "Sunny.";
    const tool = { ...weather, function: { ...weather.function, function: run, parse: JSON.parse } };
    const runner = client.chat.completions.runTools({ ...plain, tools: [tool] }, { maxChatCompletions: 2 });
    await runner.done();
  },
  "tools, streamed": async () => {
    const stream = client.chat.completions.stream({ ...plain, tools: [weather], tool_choice: "required" });
    const { message } = (await stream.finalChatCompletion()).choices[0];
    check(JSON.parse(message.tool_calls[0].function.arguments).city, "arguments");
  },
  "response, whole and streamed": async () => {
    const given = { model, input: ask, temperature: 0, max_output_tokens: 60 };
    const whole = await client.responses.create(given);
    const stream = client.responses.stream(given);
    check((await stream.finalResponse()).output_text === whole.output_text, whole.output_text);
  },
  "response by zod": async () => {
    const text = { format: zodTextFormat(Place, "place") };
    const reply = await client.responses.parse({ model, input: ask, temperature: 0, max_output_tokens: 60, text });
    check(Place.safeParse(reply.output_parsed).success, reply.output_text);
  },
  "plain completion": async () => {
    const given = { model, prompt: "The capital of France is", max_tokens: 4, temperature: 0 };
    check((await client.completions.create(given)).choices[0].text.includes("Paris"), "text");
  },
  "embeddings, default and floats": async () => {
    const [one, other] = await Promise.all(
      [{}, { encoding_format: "float" }].map((more) =>
        client.embeddings.create({ model: embedder, input: "a pump", ...more })),
    );
    check(one.data[0].embedding.length === 384 && other.data[0].embedding.length === 384, "length");
  },
  "models": async () => {
    check((await client.models.list()).data.some((each) => each.id === model), "list");
  },
  "refused: another model": () =>
    refused(404, "model_not_found", () => client.chat.completions.create({ ...plain, model: "gpt-5" })),
  "refused: out of range": () =>
    refused(400, "temperature", () => client.chat.completions.create({ ...plain, temperature: 3 })),
  "refused: a prompt beyond the context": () => {
    const messages = [{ role: "user", content: "word ".repeat(9000) }];
    return refused(400, "context_length_exceeded", () => client.chat.completions.create({ ...plain, messages }));
  },
};

for (const [name, talk] of Object.entries(cases)) {
  if (!name.includes(only) || made.includes(name)) continue;
  const start = performance.now();
  let why = "";
  try {
    await talk();
  } catch (error) {
    why = `${error.name}: ${error.message}`.slice(0, 600) || "failed";
  }
  const seconds = Math.round((performance.now() - start) / 10) / 100;
  console.log(JSON.stringify({ name, right: !why, why, seconds }));
}
