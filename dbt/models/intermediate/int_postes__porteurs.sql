-- Les postes financés de chaque structure et année, comptés une fois, quels que soient leurs
-- contrats de ville : ces nombres s'additionnent.
with postes as (
    select
        dispositif,
        annee,
        id_poste,
        min(porteur) as porteur,
        min(siret_porteur) as siret_porteur,
        -- Un poste répété n'a qu'un montant ; s'il en a deux, on ne sait lequel est le sien.
        case when min(montant_eur) = max(montant_eur) then min(montant_eur) end as montant_eur,
        list(distinct code_contrat) as contrats,
        list(distinct load_id) as load_ids
    from {{ ref('int_postes__lignes') }}
    group by all
)

select
    dispositif,
    annee,
    coalesce(siret_porteur, replace({{ cle_libelle('porteur') }}, ' ', '-')) as code_porteur,
    min(porteur) as porteur,
    count(*) as nb_postes,
    -- Une somme où un montant manque ne serait pas celle des postes.
    case when count(montant_eur) = count(*) then sum(montant_eur) end as total_eur,
    case
        when count(montant_eur) = count(*) and min(montant_eur) = max(montant_eur)
            then min(montant_eur)
    end as montant_par_poste_eur,
    list_sort(list_distinct(flatten(list(contrats)))) as contrats,
    list_sort(list_distinct(flatten(list(load_ids)))) as load_ids
from postes
group by all
