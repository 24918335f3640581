// Calls one function of a submission; see graders/judge/call.h. The submission is run as a script,
// so that its functions, classes and constants at the top are global; what the driver needs is
// bound before.
"use strict";
(() => {
    const fs = require("fs");
    const vm = require("vm");
    const write = fs.writeSync, leave = process.reallyExit.bind(process), shout = console.error;
    const [word, className, method, ...rest] = fs.readFileSync("call.txt", "utf8").split("\n");
    const name = process.argv[2];
    const from = Buffer.from, isArray = Array.isArray, kindOf = Object.prototype.toString;
    const call = Function.prototype.call.bind(Function.prototype.call);
    const keysOf = Object.keys, finite = Number.isFinite, text = String;
    const stringify = JSON.stringify, isView = ArrayBuffer.isView;

    function number(v) {
        if (finite(v))
            return Object.is(v, -0) ? "0" : text(v);
        return v !== v ? "NaN" : v > 0 ? "Infinity" : "-Infinity";
    }

    function list(v, depth) {
        const parts = [];
        for (let i = 0; i < v.length; i++)
            parts[parts.length] = plain(v[i], depth + 1);
        return "[" + call(Array.prototype.join, parts, ",") + "]";
    }

    function plain(v, depth) {
        if (depth > 400)
            throw new TypeError("the result is nested too deep");
        if (v === null || v === undefined)
            return "null";
        if (typeof v === "boolean")
            return v ? "true" : "false";
        if (typeof v === "number")
            return number(v);
        if (typeof v === "bigint")
            return text(v);
        if (typeof v === "string")
            return stringify(v);
        if (isArray(v) || (isView(v) && !(v instanceof DataView)))
            return list(v, depth);
        if (typeof v === "object" && call(kindOf, v) === "[object Object]" && !("toJSON" in v)) {
            const parts = [];
            for (const k of keysOf(v))
                parts[parts.length] = stringify(k) + ":" + plain(v[k], depth + 1);
            return "{" + call(Array.prototype.join, parts, ",") + "}";
        }
        throw new TypeError("the result holds a " + call(kindOf, v) + ", which is no plain data");
    }

    try {
        const values = JSON.parse(rest.join("\n"));
        globalThis.require = require;
        globalThis.module = {exports: {}};
        globalThis.exports = globalThis.module.exports;
        vm.runInThisContext(fs.readFileSync(name, "utf8"), {filename: name});
        const target = className ? "new " + className + "()" : "null";
        const self = vm.runInThisContext(target);
        const f = className ? self[method] : vm.runInThisContext(method);
        const result = plain(f.apply(self, values), 0);
        const data = from(word + " " + Buffer.byteLength(result) + "\n" + result + "\n" + word +
                          "\n");
        for (let i = 0; i < data.length;)
            i += write(3, data, i, data.length - i);
        leave(0);
    } catch (e) {
        shout(e);
        leave(1);
    }
})();
