-- Aucune valeur calculée ou publiée sans fichier, empreinte et ligne.
select valeurs.*
from {{ ref('fct_indicateur') }} as valeurs
left join {{ ref('fct_provenance') }} as provenance
    on
        valeurs.code_indicateur = provenance.code_indicateur
        and valeurs.code_territoire = provenance.code_territoire
        and valeurs.zonage = provenance.zonage
        and valeurs.periode = provenance.periode
where
    -- Ce qu'aucun fichier ne donne n'a pas d'origine.
    not (provenance.role is null and valeurs.statut = 'non_disponible')
    and (
        provenance.role is null
        or (
            valeurs.origine not in ('cite', 'derive')
            and (
                provenance.fichier is null
                or provenance.sha256 is null
                -- Un compte d'opérateur réunit des lignes ; tout autre chiffre a la sienne.
                or (provenance.ligne is null and provenance.dataset not like 'operateurs.%')
            )
        )
    )
