-- Les postes de chaque contrat de ville, comptés une fois : un poste peut avoir plusieurs lignes,
-- et relever de deux contrats. On n'additionne donc pas les contrats.
select
    dispositif,
    annee,
    code_contrat,
    count(distinct id_poste) as postes,
    count(*) as lignes,
    list(distinct porteur order by porteur) as porteurs,
    list(distinct load_id order by load_id) as load_ids
from {{ ref('int_postes__lignes') }}
where code_contrat is not null
group by all
