-- Chaque valeur face à celle de l'EPCI : même période, sinon la plus proche,
-- et la différence des périodes est signalée.
with periodes_du_rapport as (
    select distinct
        code_indicateur,
        periode
    from {{ ref('chiffres_rapport') }}
    where zonage <> 'EPCI'
),

valeurs as (
    select
        dates.*,
        rapport.periode is not null as dans_le_rapport
    from {{ ref('int_indicateurs__dates') }} as dates
    left join periodes_du_rapport as rapport
        on
            dates.code_indicateur = rapport.code_indicateur
            and dates.periode = rapport.periode
),

reference_epci as (
    select *
    from {{ ref('int_indicateurs__dates') }}
    where zonage = 'EPCI' and code_territoire = '{{ var("code_epci") }}'
)

select
    valeurs.*,
    epci.periode as periode_epci,
    epci.valeur as valeur_epci,
    epci.periode <> valeurs.periode as millesimes_differents
from valeurs
left join reference_epci as epci
    on
        valeurs.code_indicateur = epci.code_indicateur
        and valeurs.zonage <> 'EPCI'
        and valeurs.valeur is not null
        and epci.valeur is not null
        -- Un minimum n'est ni au-dessus ni au-dessous de rien.
        and valeurs.statut is distinct from 'borne_basse'
        and epci.statut is distinct from 'borne_basse'
        -- D'un territoire à l'autre, ce ne sont pas les mêmes opérateurs.
        and valeurs.dataset is distinct from 'operateurs'
        -- Un chiffre cité du rapport ne se compare qu'aux périodes que le rapport lui compare.
        and (epci.origine <> 'cite' or valeurs.dans_le_rapport)
        and greatest(
            epci.annee_debut - valeurs.annee_fin, valeurs.annee_debut - epci.annee_fin
        ) <= {{ var('ecart_max_annees') }}
qualify row_number() over (
    partition by
        valeurs.code_indicateur, valeurs.code_territoire, valeurs.zonage, valeurs.periode
    order by
        epci.periode = valeurs.periode desc nulls last,
        greatest(epci.annee_debut - valeurs.annee_fin, valeurs.annee_debut - epci.annee_fin) asc,
        epci.periode asc
) = 1
