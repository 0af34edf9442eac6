{% test aucune_offre_sans_mode_ni_heure(model) %}

-- Where there is no offer, nothing of it is said: neither label, mode, place nor hours.
select *
from {{ model }}
where
    presence in ('absent', 'inconnu')
    and (
        mode_presence is not null
        or label is not null
        or len(structure_ids) > 0
        or coalesce(heures_hebdo, heures_soir, heures_samedi) is not null
        or precision_localisation is not null
    )

{% endtest %}
