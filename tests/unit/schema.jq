# SPDX-License-Identifier: GPL-2.0-or-later
# Errors of a JSON text against a schema, one a line: jq -r --slurpfile schema S -f FILE.
# Knows the words that docs/schemas uses.
def kind: if type == "number" and floor == . then "integer" else type end;
def errors($s; $root; $at):
  . as $v
  | if $s["$ref"] then errors($root["$defs"][$s["$ref"] | split("/") | last]; $root; $at)
    else
      ( if $s.type and ([$s.type] | flatten | any(. == ($v | kind) or . == ($v | type)) | not)
        then "\($at): is a \($v | kind), not \($s.type)" else empty end ),
      ( if $s.enum and ($s.enum | any(. == $v) | not) then "\($at): \($v) is not allowed" else empty end ),
      ( if $s.minimum and $v < $s.minimum then "\($at): \($v) is too small" else empty end ),
      ( if $v | type == "object" then
          ( ($s.required // [])[] | select(. as $k | $v | has($k) | not) | "\($at): lacks \(.)" ),
          ( if $s.maxProperties and ($v | length) > $s.maxProperties then "\($at): has too much" else empty end ),
          ( if $s.minProperties and ($v | length) < $s.minProperties then "\($at): has too little" else empty end ),
          ( $v | keys[] | . as $k
            | if ($s.properties // {})[$k] then $v[$k] | errors($s.properties[$k]; $root; "\($at).\($k)")
              elif $s.additionalProperties == false then "\($at): has \($k)"
              else empty end )
        elif ($v | type == "array") and $s.items then
          range($v | length) as $i | $v[$i] | errors($s.items; $root; "\($at)[\($i)]")
        else empty end )
    end;
errors($schema[0]; $schema[0]; "top")
