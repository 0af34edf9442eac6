{#
  Administration+ écrit l'année de la semaine : le 30 décembre 2024, dans la première semaine de
  2025, y devient le « 2025-12-30 ». Le jour rendu est celui qui s'écrit ainsi, et qui n'est pas
  après l'export.
#}
{% macro jour_de_semaine_iso(jour, exporte_le) -%}
    case
        when isoyear({{ jour }}) = year({{ jour }}) and {{ jour }} <= cast({{ exporte_le }} as date)
            then {{ jour }}
        when isoyear({{ jour }} - interval 1 year) = year({{ jour }})
            then cast({{ jour }} - interval 1 year as date)
        when isoyear({{ jour }} + interval 1 year) = year({{ jour }})
            then cast({{ jour }} + interval 1 year as date)
        else {{ jour }}
    end
{%- endmacro %}
