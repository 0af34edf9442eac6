-- Une valeur a ses bornes autour d'elle, et n'en a pas sans elle ; une note n'est pas meilleure que
-- ce que sa méthode permet.
select *
from {{ ref('int_indicateurs__estimes') }}
where
    valeur < borne_basse
    or valeur > borne_haute
    or (valeur is null) <> (statut not in ('observe', 'approche', 'estime'))
    or (valeur is null and coalesce(numerateur, borne_basse, borne_haute) is not null)
    or (valeur is not null and qualite is null)
    or (methode not in ('couverture_personnes', 'retours_caf') and qualite < 'C')
    or (
        valeur is not null
        and borne_basse is null
        and not starts_with(methode, 'couverture_')
        and methode <> 'retours_caf'
    )
