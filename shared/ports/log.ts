/**
 * Structured log. `message` is static text; what varies goes into fields (ids, rule, status). Guest
 * data, mail bodies and credentials are never given to it.
 */
export interface Log {
  write(severity: Severity, message: string, fields?: LogFields): void;
}

export type Severity = "DEBUG" | "INFO" | "NOTICE" | "WARNING" | "ERROR" | "CRITICAL";

export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;
