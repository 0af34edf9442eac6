{# Une quantité telle qu'on l'a écrite : sa valeur ou ses bornes, et ce que l'on en sait. #}
{% macro quantite_dite(lignes, colonne, statut_vide='non_communique') -%}
    {{ lignes }}.{{ colonne }}.valeur as valeur,
    {{ lignes }}.{{ colonne }}.valeur_basse as valeur_basse,
    {{ lignes }}.{{ colonne }}.valeur_haute as valeur_haute,
    {{ lignes }}.{{ colonne }}.qualificatif as qualificatif,
    case
        when {{ lignes }}.{{ colonne }} is null
            then coalesce({{ lignes }}._marques ->> '{{ colonne }}', '{{ statut_vide }}')
        when {{ lignes }}.{{ colonne }}.qualificatif = 'au_moins' then 'borne_basse'
        when {{ lignes }}.{{ colonne }}.qualificatif <> 'exact' then 'approche'
        when {{ lignes }}.{{ colonne }}.unite = '%' then 'arrondi'
        else 'observe'
    end as statut
{%- endmacro %}
