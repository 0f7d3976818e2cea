/**
 * Decides as CloudWatch Logs would whether a JSON filter pattern matches a line, for the part of the language that our
 * pattern uses: `=`, `!=`, `>=`, `NOT EXISTS`, `&&`, `||` and parentheses. What is outside of it is refused. A
 * comparison with a field that is missing is false, `!=` too. `&&` and `||` side by side are refused, so that the
 * pattern does not rest on which of them binds closer.
 */
export function createMatcher(pattern: string): (line: string) => boolean {
  const tokens = pattern.match(/\(|\)|\{|\}|&&|\|\||!=|>=|=|NOT EXISTS|\$[\w.]+|"[^"]*"|\d+|\S/g) ?? [];
  const expression = new Parser(tokens).parse();
  return (line) => {
    try {
      return expression(JSON.parse(line));
    } catch (error) {
      if (error instanceof SyntaxError) return false;
      throw error;
    }
  };
}

type Expression = (event: unknown) => boolean;

class Parser {
  readonly #tokens: string[];

  constructor(tokens: readonly string[]) {
    this.#tokens = [...tokens];
  }

  parse(): Expression {
    this.#take('{');
    const expression = this.#chain();
    this.#take('}');
    if (this.#tokens.length > 0) throw new Error(`after the pattern comes ${this.#tokens.join(' ')}`);
    return expression;
  }

  #chain(): Expression {
    const parts = [this.#term()];
    const operator = this.#tokens[0];
    while (operator === '&&' || operator === '||') {
      if (this.#tokens[0] !== operator) break;
      this.#take(operator);
      parts.push(this.#term());
    }
    return (event) => (operator === '&&' ? parts.every((part) => part(event)) : parts.some((part) => part(event)));
  }

  #term(): Expression {
    if (this.#tokens[0] !== '(') return this.#comparison();
    this.#take('(');
    const expression = this.#chain();
    this.#take(')');
    return expression;
  }

  #comparison(): Expression {
    const field = this.#next(/^\$\.[\w.]+$/).slice(2).split('.');
    const operator = this.#next(/^(=|!=|>=|NOT EXISTS)$/);
    if (operator === 'NOT EXISTS') return (event) => valueOf(event, field) === undefined;
    if (operator === '>=') {
      const bound = Number(this.#next(/^\d+$/));
      return (event) => Number(valueOf(event, field)) >= bound;
    }
    const wanted = wildcard(this.#next(/^"[^"]*"$/).slice(1, -1));
    return (event) => {
      const value = valueOf(event, field);
      return typeof value === 'string' && wanted.test(value) === (operator === '=');
    };
  }

  #take(token: string): void {
    if (this.#tokens.shift() !== token) throw new Error(`the pattern lacks ${token}`);
  }

  #next(form: RegExp): string {
    const token = this.#tokens.shift() ?? '';
    if (!form.test(token)) throw new Error(`the pattern has ${token} out of place`);
    return token;
  }
}

function valueOf(event: unknown, [name, ...rest]: readonly string[]): unknown {
  if (name === undefined) return event;
  return typeof event === 'object' && event !== null ? valueOf((event as Record<string, unknown>)[name], rest) : undefined;
}

function wildcard(text: string): RegExp {
  return new RegExp(`^${text.split('*').map((part) => part.replace(/[^\w]/g, '\\$&')).join('.*')}$`, 's');
}
