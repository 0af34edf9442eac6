-- Bénéficiaires de chaque strate d'un quartier, avec le taux publié de cette strate.
select
    beneficiaires.prestation,
    beneficiaires.code_territoire,
    beneficiaires.zonage,
    beneficiaires.periode,
    parts.stratification,
    parts.variante,
    parts.strate,
    beneficiaires.beneficiaires * parts.part as beneficiaires,
    taux.taux / 100 as taux,
    taux.annee as annee_taux,
    parts.qualite
from {{ ref('int_non_recours__beneficiaires') }} as beneficiaires
inner join {{ ref('int_non_recours__parts') }} as parts
    on
        beneficiaires.prestation = parts.prestation
        and beneficiaires.code_territoire = parts.code_territoire
        and beneficiaires.zonage = parts.zonage
inner join {{ ref('taux_non_recours') }} as taux
    on
        parts.prestation = taux.prestation
        and parts.stratification = taux.stratification
        and parts.strate = taux.strate
        and abs(cast(beneficiaires.periode as integer) - cast(taux.annee as integer))
        <= {{ var('ecart_max_annees') }}
where
    beneficiaires.statut in ('observe', 'arrondi')
    and beneficiaires.beneficiaires >= {{ var('seuil_beneficiaires') }}
