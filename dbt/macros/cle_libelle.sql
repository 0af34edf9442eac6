{# Deux graphies d'un même nom ont la même clé : ni casse, ni accents, ni ponctuation.
   Une lettre d'un autre alphabet reste dans la clé : un tel texte n'est pas un nom connu. #}
{% macro cle_libelle(colonne) -%}
    trim(regexp_replace(lower(strip_accents({{ colonne }})), '(?:[^\pL0-9]|[\x{80}-\x{2FF}\x{1D00}-\x{1EFF}])+', ' ', 'g'))
{%- endmacro %}
