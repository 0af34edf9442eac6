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
    provenance.role is null
    or (
        valeurs.origine <> 'cite'
        and (provenance.fichier is null or provenance.sha256 is null or provenance.ligne is null)
    )
