-- Population repérable par deux opérateurs : N de Chapman, et un intervalle log-normal sur ceux que
-- ni l'un ni l'autre ne connaît.
with effectifs as (
    select
        *,
        effectif_a + effectif_b - effectif_commun as connus,
        -- Y compris ceux qu'un seul des deux connaît.
        least(
            effectif_a, effectif_b, effectif_a - effectif_commun, effectif_b - effectif_commun
        ) as plus_petit,
        {{ chapman('effectif_a', 'effectif_b', 'effectif_commun') }} as estimation,
        {{ chapman_variance('effectif_a', 'effectif_b', 'effectif_commun') }} as variance
    from {{ ref('stg_operateurs__recoupement') }}
),

facteurs as (
    select
        *,
        estimation - connus as inconnus,
        -- Si personne n'est inconnu, l'intervalle se réduit aux connus.
        if(
            estimation > connus,
            exp(1.96 * sqrt(ln(1 + variance / pow(estimation - connus, 2)))),
            1
        ) as facteur
    from effectifs
),

bornes as (
    select
        *,
        connus + inconnus / facteur as borne_basse,
        connus + inconnus * facteur as borne_haute
    from facteurs
),

juges as (
    select
        *,
        case
            when plus_petit < {{ var('seuil_operateurs') }}
                then
                    'Un opérateur, ou un seul des deux, compte moins de '
                    || '{{ var("seuil_operateurs") }} personnes.'
            when not meme_perimetre
                then 'Les deux opérateurs ne comptent pas sur le même périmètre.'
            when effectif_commun < {{ var('communs_min') }}
                then 'Moins de {{ var("communs_min") }} personnes communes.'
            when borne_haute - borne_basse > {{ var('largeur_max') }} * estimation
                then 'L''intervalle dépasse la moitié de l''estimation.'
        end as motif
    from bornes
)

select
    operateur_a,
    operateur_b,
    territoire_declare,
    code_territoire,
    zonage,
    periode,
    effectif_a,
    effectif_b,
    effectif_commun,
    connus,
    round(estimation, 6) as estimation,
    round(sqrt(variance), 6) as ecart_type,
    round(borne_basse, 6) as borne_basse,
    round(borne_haute, 6) as borne_haute,
    round((borne_haute - borne_basse) / nullif(estimation, 0), 6) as largeur_relative,
    case
        when motif is null then 'estime'
        when plus_petit < {{ var('seuil_operateurs') }} then 'secret'
        else 'non_significatif'
    end as statut,
    motif,
    -- Plusieurs couples d'opérateurs parlent parfois d'un territoire : l'intervalle le plus étroit.
    code_territoire is not null
    and row_number() over (
        partition by code_territoire, zonage, periode
        order by motif is null desc, largeur_relative asc, operateur_a asc, operateur_b asc
    ) = 1 as retenu,
    livraison,
    load_id,
    ligne
from juges
