{% test cle_unique(model, colonnes) %}

-- Rows that share the same combination of columns (dbt has no composite key test).
select
    {{ colonnes | join(', ') }},
    count(*) as nb_lignes
from {{ model }}
group by {{ colonnes | join(', ') }}
having count(*) > 1

{% endtest %}
