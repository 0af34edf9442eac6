{# Le territoire de chaque graphie connue, une ligne par graphie. #}
{% macro alias_par_cle() -%}
    select distinct
        {{ cle_libelle('alias') }} as cle,
        code_territoire,
        zonage
    from {{ ref('alias_territoires') }}
{%- endmacro %}
