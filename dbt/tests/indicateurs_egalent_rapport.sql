-- Avertissement seulement : une révision du producteur ne doit pas arrêter la publication.
{{ config(severity='warn') }}

-- Chaque chiffre du rapport se retrouve : arrondi ou tronqué comme il est imprimé.
with rapproches as (
    select
        rapport.*,
        calcul.valeur as valeur_calculee,
        cast(length(split_part(
            replace(replace(rapport.texte_imprime, '%', ''), ',', '.'), '.', 2
        )) as integer) as decimales
    from {{ ref('chiffres_rapport') }} as rapport
    left join {{ ref('fct_indicateur') }} as calcul
        on
            rapport.code_indicateur = calcul.code_indicateur
            and rapport.code_territoire = calcul.code_territoire
            and rapport.zonage = calcul.zonage
            -- La ligne de l'EPCI est datée « 2019/2020 » ; son 4,7 est celui de 2017.
            and calcul.periode in (rapport.periode, if(rapport.zonage = 'EPCI', '2017', null))
)

select *
from rapproches
where
    statut <> 'non_communique'
    and (
        valeur_calculee is null
        or (
            round(valeur_calculee, decimales) <> valeur
            and trunc(valeur_calculee * power(10, decimales)) / power(10, decimales) <> valeur
        )
    )
