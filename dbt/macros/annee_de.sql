{# La dernière année d'une période : « 2019 », « 2019-12 », « 2018/2019 », « ../2022 ». #}
{% macro annee_de(periode) -%}
    left(split_part({{ periode }}, '/', -1), 4)
{%- endmacro %}
